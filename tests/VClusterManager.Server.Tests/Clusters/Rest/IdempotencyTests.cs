using Shouldly;
using VClusterManager.Server.Tests.TestHost;
using Xunit;

namespace VClusterManager.Server.Tests.Clusters.Rest;

/// <summary>The same request sent twice does one thing, and is answered the same.</summary>
public sealed class IdempotencyTests(ManagerHost host) : IClassFixture<ManagerHost>
{
    [Fact]
    public async Task The_same_key_and_body_give_the_same_answer_also_when_it_runs()
    {
        var first = await CreateAsync("same", "k1");
        first.ShouldBe(202);
        await host.Editor.UntilAsync("same", "Running");

        var again = await CreateAsync("same", "k1");

        again.ShouldBe(202);
        again.Text.ShouldBe(first.Text);
        again.Header("Location").ShouldBe(first.Header("Location"));
        again.Header("Content-Type").ShouldBe(first.Header("Content-Type"));
    }

    [Fact]
    public async Task What_was_waited_for_is_the_answer_that_is_remembered()
    {
        var first = await host.Editor.PostAsync("/api/clusters?wait=60", new { name = "waited" }, Key("k2"));
        first.ShouldBe(201);

        foreach (var path in new[] { "/api/clusters?wait=60", "/api/clusters?wait=5", "/api/clusters" })
        {
            var again = await host.Editor.PostAsync(path, new { name = "waited" }, Key("k2"));

            again.ShouldBe(201, "how long somebody waits does not make another request: " + again.Text);
            again.Text.ShouldBe(first.Text);
        }
    }

    [Fact]
    public async Task Blanks_and_the_order_of_fields_make_no_other_request()
    {
        var first = await host.Editor.PostAsync("/api/clusters", """{"name":"order","ttl_hours":2}""", Key("k3"));
        var again = await host.Editor.PostAsync("/api/clusters", """{ "ttl_hours" : 2, "name": "order" }""", Key("k3"));

        again.ShouldBe(202);
        again.Json.Text("id").ShouldBe(first.ShouldBe(202).Json.Text("id"));
    }

    [Fact]
    public async Task Parallel_requests_with_one_key_make_one_cluster_and_get_one_answer()
    {
        var before = await host.CountRowsAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => CreateAsync("parallel", "k4")));

        answers.ShouldAllBe(a => a.Status == 202);
        answers.Select(a => a.Text).Distinct().ShouldHaveSingleItem();
        var after = await host.CountRowsAsync();
        (after.Clusters - before.Clusters, after.Operations - before.Operations).ShouldBe((1, 1));
    }

    [Fact]
    public async Task The_same_key_with_another_body_is_refused()
    {
        (await CreateAsync("mine", "k5")).ShouldBe(202);

        (await CreateAsync("not-mine", "k5")).ShouldBeInvalid("Idempotency-Key");
        (await host.Editor.GetAsync("/api/clusters/not-mine")).ShouldBeProblem(404);
    }

    [Fact]
    public async Task Keys_of_different_callers_have_nothing_to_do_with_each_other()
    {
        (await CreateAsync("of-one", "k6")).ShouldBe(202);

        (await host.OtherEditor.PostAsync("/api/clusters", new { name = "of-other" }, Key("k6"))).ShouldBe(202);
        (await host.OtherEditor.PostAsync("/api/clusters", new { name = "of-one" }, Key("k7"))).ShouldBeProblem(409);
    }

    [Fact]
    public async Task A_refusal_is_not_remembered()
    {
        (await host.Editor.PostAsync("/api/clusters", new { name = "Wrong" }, Key("k8"))).ShouldBeInvalid("name");

        (await CreateAsync("right", "k8")).ShouldBe(202);
    }

    [Fact]
    public async Task A_key_that_is_none_is_refused()
    {
        var before = await host.CountRowsAsync();

        foreach (var key in new[] { "", new string('k', 256) })
        {
            (await CreateAsync("keyless", key)).ShouldBeInvalid("Idempotency-Key");
        }

        (await host.CountRowsAsync()).ShouldBe(before);
    }

    private Task<Answer> CreateAsync(string name, string key) =>
        host.Editor.PostAsync("/api/clusters", new { name }, Key(key));

    private static (string, string) Key(string key) => ("Idempotency-Key", key);
}
