using System.Text.Json.Nodes;
using Shouldly;
using VClusterManager.Server.Tests.TestHost;
using Xunit;

namespace VClusterManager.Server.Tests.Access;

/// <summary>Tokens for one cluster, and the kubeconfigs that hold them.</summary>
public sealed class ClusterTokenTests(ClusterTokenTests.Host host) : IClassFixture<ClusterTokenTests.Host>
{
    private const string Pods = "/k8s/vcluster-door/door/api/v1/pods";

    public sealed class Host : ManagerHost
    {
        private protected override async Task StartedAsync()
        {
            await Editor.CreateRunningAsync("door");
            await Editor.CreateRunningAsync("other");
        }
    }

    [Fact]
    public async Task A_token_opens_its_cluster_and_nothing_else()
    {
        using var holder = await HolderAsync(host.Editor);

        (await holder.GetAsync(Pods)).ShouldBe(200);
        var other = (await holder.GetAsync("/k8s/vcluster-other/other/api/v1/pods")).ShouldBe(403).Json;
        other.Text("message").ShouldBe("The token is for another cluster, or for one that is gone.");
        foreach (var path in new[] { "/api/clusters", "/api/me", "/api/keys", "/api/clusters/door/kubeconfig" })
        {
            (await holder.GetAsync(path)).ShouldBeProblem(403).Detail.ShouldContain("nothing else");
        }

        (await holder.PostAsync("/api/clusters/door/tokens")).ShouldBeProblem(403);
        (await holder.GetAsync("/k8s/vcluster-none/none/api"))
            .ShouldBe(403)
            .Json.Text("message")
            .ShouldBe(other.Text("message"));
        (await holder.GetAsync("/api/info")).ShouldBe(200).Json.ContainsKey("tools").ShouldBeFalse();
        (await holder.GetAsync("/readyz")).Json.ContainsKey("problems").ShouldBeFalse();
        (await holder.DeleteAsync("/api/clusters/door")).ShouldBeProblem(403);
    }

    [Fact]
    public async Task A_token_is_shown_once_and_listed_without_it()
    {
        var made = (await host.Viewer.PostAsync("/api/clusters/door/tokens", new { ttl = "30m" })).ShouldBe(201);

        made.Header("Cache-Control").ShouldBe("no-store");
        made.Json.Text("token").ShouldMatch("^vcmc_[A-Za-z0-9_-]{43}$");
        (made.Json.Time("expires_at") - made.Json.Time("created")).ShouldBe(TimeSpan.FromMinutes(30));
        (made.Json.Text("name"), made.Json.Text("role")).ShouldBe(("viewer", "viewer"));
        var listed = (await ListAsync(host.Viewer)).Single(t => t.Text("id") == made.Json.Text("id"));
        listed.AsObject().ContainsKey("token").ShouldBeFalse();
        (await ListAsync(host.Admin)).ShouldContain(t => t.Text("id") == made.Json.Text("id"));
        (await ListAsync(host.OtherEditor)).ShouldNotContain(t => t.Text("id") == made.Json.Text("id"));
    }

    [Fact]
    public async Task Tokens_are_listed_page_by_page()
    {
        for (var i = 0; i < 3; i++)
        {
            (await host.OtherEditor.PostAsync("/api/clusters/other/tokens")).ShouldBe(201);
        }

        List<(string Id, DateTimeOffset Created)> seen = [];
        string? cursor = null;
        do
        {
            var page = (
                await host.OtherEditor.GetAsync($"/api/clusters/other/tokens?limit=2&cursor={cursor}")
            ).ShouldBe(200);
            page.Json.Number("total").ShouldBe(3);
            seen.AddRange(page.Json["tokens"]!.AsArray().Select(t => (t.Text("id"), t.Time("created"))));
            cursor = page.Json["next_cursor"]?.GetValue<string>();
        } while (cursor is not null);

        seen.Select(token => token.Id).Distinct().Count().ShouldBe(3);
        seen.Select(token => token.Created).ShouldBeInOrder(SortDirection.Descending);
        (await host.Viewer.GetAsync("/api/clusters/other/tokens?cursor=bm9uZQ")).ShouldBeInvalid("cursor");
    }

    [Fact]
    public async Task Taking_a_token_away_cuts_what_goes_on_with_it()
    {
        var made = (await host.Editor.PostAsync("/api/clusters/door/tokens")).ShouldBe(201).Json;
        using var holder = new Caller(host.Address, made.Text("token"), bearer: true);
        using var watch = await holder.OpenAsync(Pods + "?watch=true");
        var body = await watch.Content.ReadAsStreamAsync(ManagerHost.Cancellation);
        var path = $"/api/clusters/door/tokens/{made.Text("id")}";

        (await host.OtherEditor.DeleteAsync(path)).ShouldBeProblem(404);
        (await host.Editor.DeleteAsync("/api/clusters/other/tokens/" + made.Text("id"))).ShouldBeProblem(404);
        (await holder.GetAsync(Pods)).ShouldBe(200);
        (await host.Editor.DeleteAsync(path)).ShouldBe(204);

        await EndsAsync(body);
        (await holder.GetAsync(Pods)).ShouldBe(401).Json.Text("message").ShouldContain("taken away");
        (await host.Editor.DeleteAsync(path)).ShouldBeProblem(404);
    }

    [Fact]
    public async Task A_token_ends_with_the_key_that_it_was_asked_for_with()
    {
        var key = (await host.Admin.PostAsync("/api/keys", new { name = "door-key", role = "editor" }))
            .ShouldBe(201)
            .Json;
        using var owner = new Caller(host.Address, key.Text("key"));
        using var holder = await HolderAsync(owner);
        using var watch = await holder.OpenAsync(Pods + "?watch=true");
        var body = await watch.Content.ReadAsStreamAsync(ManagerHost.Cancellation);

        (await host.Admin.DeleteAsync($"/api/keys/{key.Text("id")}")).ShouldBe(204);

        await EndsAsync(body);
        (await holder.GetAsync(Pods)).ShouldBe(401).Json.Text("message").ShouldContain("is gone");
    }

    [Fact]
    public async Task A_token_for_a_cluster_that_is_gone_does_not_open_the_next_one_of_that_name()
    {
        await host.Editor.CreateRunningAsync("again");
        using var holder = await HolderAsync(host.Editor, "again");
        const string path = "/k8s/vcluster-again/again/api/v1/pods";
        (await holder.GetAsync(path)).ShouldBe(200);

        (await host.Editor.DeleteAsync("/api/clusters/again?wait=60")).ShouldBe(200);
        (await holder.GetAsync(path)).ShouldBe(403);
        await host.Editor.CreateRunningAsync("again");

        (await holder.GetAsync(path)).ShouldBe(403);
    }

    [Fact]
    public async Task A_token_that_is_taken_away_while_it_first_comes_opens_nothing_afterwards()
    {
        for (var i = 0; i < 100; i++)
        {
            var made = (await host.Editor.PostAsync("/api/clusters/other/tokens")).ShouldBe(201).Json;
            using var holder = new Caller(host.Address, made.Text("token"), bearer: true);
            var first = Enumerable.Range(0, 3).Select(_ => TryAsync(holder)).ToList();

            (await host.Editor.DeleteAsync($"/api/clusters/other/tokens/{made.Text("id")}")).ShouldBe(204);

            await Task.WhenAll(first);
            // Its own connections were cut, some perhaps just after the answer: asked on a new one.
            using var again = new Caller(host.Address, made.Text("token"), bearer: true);
            (await again.GetAsync("/k8s/vcluster-other/other/version")).ShouldBe(401);
        }
    }

    [Fact]
    public async Task Nobody_has_more_tokens_for_a_cluster_than_anybody_needs()
    {
        var key = (await host.Admin.PostAsync("/api/keys", new { name = "hoarder", role = "viewer" }))
            .ShouldBe(201)
            .Json;
        using var hoarder = new Caller(host.Address, key.Text("key"));
        for (var i = 0; i < 200; i++)
        {
            (await hoarder.GetAsync("/api/clusters/door/kubeconfig")).ShouldBe(200);
        }

        (await hoarder.GetAsync("/api/clusters/door/kubeconfig"))
            .ShouldBeProblem(403)
            .Detail.ShouldContain("200 tokens");
        (await hoarder.SendAsync("HEAD", "/api/clusters/door/kubeconfig", null)).ShouldBe(200);
        (await hoarder.GetAsync("/api/clusters/other/kubeconfig")).ShouldBe(200);
    }

    [Fact]
    public async Task A_token_without_its_last_letter_or_of_nobody_opens_nothing()
    {
        var token = (await host.Editor.PostAsync("/api/clusters/door/tokens")).ShouldBe(201).Json.Text("token");
        foreach (
            var tried in new[]
            {
                token[..^1],
                token[..^1] + (token[^1] == 'A' ? 'B' : 'A'),
                "vcmc_" + new string('A', 43),
            }
        )
        {
            using var nobody = new Caller(host.Address, tried, bearer: true);
            (await nobody.GetAsync(Pods)).ShouldBe(401);
        }
    }

    [Theory]
    [InlineData("59s")]
    [InlineData("25h")]
    [InlineData("8")]
    [InlineData("")]
    public async Task A_token_lasts_as_long_as_the_configuration_allows(string ttl)
    {
        (await host.Editor.PostAsync("/api/clusters/door/tokens", new { ttl })).ShouldBeInvalid("ttl");
        (await host.Editor.GetAsync($"/api/clusters/door/kubeconfig?ttl={ttl}")).ShouldBeInvalid("ttl");
    }

    [Fact]
    public async Task A_kubeconfig_leads_through_this_server_with_a_token_of_its_own()
    {
        var answer = (await host.Viewer.GetAsync("/api/clusters/door/kubeconfig?ttl=1h")).ShouldBe(200);

        answer.Header("Content-Type").ShouldStartWith("application/yaml");
        answer.Header("Cache-Control").ShouldBe("no-store");
        answer.Text.ShouldContain("server: \"https://manager.test/k8s/vcluster-door/door\"");
        using var holder = new Caller(host.Address, TokenIn(answer.Text), bearer: true);
        (await holder.GetAsync(Pods)).ShouldBe(200);
        (await holder.GetAsync("/k8s/vcluster-door/door/api/v1/secrets")).ShouldBe(403);
    }

    [Fact]
    public async Task It_can_be_had_before_the_cluster_is_there_and_without_a_secret_in_it()
    {
        await host.BreakAsync("cli-hang", ns: "vcluster-early", name: "early");
        await host.Editor.CreateAsync(new { name = "early" });

        var early = (await host.Editor.GetAsync("/api/clusters/early/kubeconfig")).ShouldBe(200);
        using var holder = new Caller(host.Address, TokenIn(early.Text), bearer: true);
        var notYet = (await holder.GetAsync("/k8s/vcluster-early/early/api/v1/pods")).ShouldBe(503).Json;
        notYet.Text("message").ShouldContain("control plane is not there");

        var exec = (await host.Editor.GetAsync("/api/clusters/door/kubeconfig?form=exec")).ShouldBe(200);
        exec.Text.ShouldContain("command: vcm");
        exec.Text.ShouldNotContain("vcmc_");
    }

    [Fact]
    public async Task The_clusters_own_credentials_are_for_editors()
    {
        (await host.Editor.GetAsync("/api/clusters/door/kubeconfig?mode=direct"))
            .ShouldBe(200)
            .Text.ShouldContain("client-key-data");
        (await host.Viewer.GetAsync("/api/clusters/door/kubeconfig?mode=direct")).ShouldBeProblem(403);
        (await host.Editor.GetAsync("/api/clusters/door/kubeconfig?mode=direct&ttl=1h")).ShouldBeInvalid("ttl");
        (await host.Editor.GetAsync("/api/clusters/door/kubeconfig?mode=sideways")).ShouldBeInvalid("mode");
        (await host.Editor.GetAsync("/api/clusters/door/kubeconfig?form=paper")).ShouldBeInvalid("form");
    }

    /// <summary>Let in, refused, or cut off in between.</summary>
    private static async Task TryAsync(Caller holder)
    {
        try
        {
            (await holder.GetAsync("/k8s/vcluster-other/other/version")).Status.ShouldBeOneOf(200, 401);
        }
        catch (HttpRequestException)
        {
            // It was taken away while the answer was on its way.
        }
    }

    private async Task<Caller> HolderAsync(Caller by, string cluster = "door") =>
        new(
            host.Address,
            (await by.PostAsync($"/api/clusters/{cluster}/tokens")).ShouldBe(201).Json.Text("token"),
            bearer: true
        );

    private static async Task<List<JsonNode>> ListAsync(Caller by) =>
        [
            .. (await by.GetAsync("/api/clusters/door/tokens?limit=500")).ShouldBe(200).Json["tokens"]!
                .AsArray()
                .Select(token => token!),
        ];

    private static string TokenIn(string kubeconfig) =>
        kubeconfig.Split('\n').Single(line => line.Contains("token:")).Split('"')[1];

    /// <summary>Cut, not ended: half an answer must not look like a whole one.</summary>
    private static Task<IOException> EndsAsync(Stream body) =>
        Should.ThrowAsync<IOException>(() =>
            body.CopyToAsync(Stream.Null, ManagerHost.Cancellation).WaitAsync(Wait.Patience, TimeProvider.System)
        );
}
