using System.Text.Json.Nodes;
using Shouldly;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Identity;
using VClusterManager.Server.Identity.Keys;
using VClusterManager.Server.Tests.TestHost;
using Xunit;

namespace VClusterManager.Server.Tests.Identity;

/// <summary>Callers who are bound see and touch what is theirs, and nothing tells them of the rest.</summary>
public sealed class LimitTests(LimitTests.Host host) : IClassFixture<LimitTests.Host>
{
    [Fact]
    public async Task Who_is_bound_to_namespaces_sees_those_and_counts_those()
    {
        var (mine, others) = (Rows.UniqueName(), Rows.UniqueName());
        await host.Team.CreateAsync(new { name = mine, @namespace = $"team-a-{mine}" });
        await host.Admin.CreateAsync(new { name = others });

        await SeesOnlyAsync(host.Team, mine, others, "team-a-");
    }

    [Fact]
    public async Task Who_is_bound_to_their_own_sees_those_and_counts_those()
    {
        var (mine, others) = (Rows.UniqueName(), Rows.UniqueName());
        await host.Own.CreateAsync(new { name = mine });
        await host.Other.CreateAsync(new { name = others });

        await SeesOnlyAsync(host.Own, mine, others, "");
        (await host.Other.GetAsync($"/api/clusters/{mine}")).ShouldBeProblem(404);
        (await host.Viewer.GetAsync($"/api/clusters/{mine}")).ShouldBe(200);
    }

    [Fact]
    public async Task What_is_hidden_and_what_is_not_there_look_alike()
    {
        var name = Rows.UniqueName();
        await host.Admin.CreateAsync(new { name });
        foreach (var path in new[] { "", "/history", "/logs", "/kubeconfig?mode=direct" })
        {
            var hidden = (await host.Own.GetAsync($"/api/clusters/{name}{path}")).ShouldBeProblem(404);
            var missing = (await host.Own.GetAsync($"/api/clusters/missing{path}")).ShouldBeProblem(404);

            hidden.Detail.Replace(name, "missing").ShouldBe(missing.Detail);
        }
    }

    [Fact]
    public async Task Deletes_of_others_are_not_remembered_to_those_who_may_not_see_them()
    {
        var name = Rows.UniqueName();
        var row = Rows.Cluster(name, owner: "api_key/admin");
        (row.DeletedAt, row.DeletedBy, row.DeletedReason) = (Rows.Noon, "admin", "secret reason");
        await host.Stores.TransactAsync(
            store =>
            {
                store.Add(row);
                return Task.CompletedTask;
            },
            ManagerHost.Cancellation
        );

        (await host.Editor.GetAsync($"/api/clusters/{name}"))
            .ShouldBeProblem(404)
            .Detail.ShouldContain("secret reason");
        (await host.Own.GetAsync($"/api/clusters/{name}")).ShouldBeProblem(404).Detail.ShouldNotContain("secret");
    }

    [Fact]
    public async Task A_place_that_is_not_free_says_no_more_than_that()
    {
        var name = Rows.UniqueName();
        await host.Admin.CreateAsync(new { name, @namespace = $"shared-{name}" });

        var answer = await host.Own.PostAsync("/api/clusters", new { name = "mine", @namespace = $"shared-{name}" });
        answer.ShouldBeProblem(409).Detail.ShouldBe($"The namespace shared-{name} is not free: choose another one.");
    }

    [Fact]
    public async Task Events_of_others_are_not_heard()
    {
        var (mine, others) = (Rows.UniqueName(), Rows.UniqueName());
        using var stream = await host.Own.StreamAsync("/api/events");
        using StreamReader reader = new(stream);
        (await reader.ReadLineAsync(ManagerHost.Cancellation)).ShouldBe("retry: 1000");

        await host.Other.CreateAsync(new { name = others });
        await host.Own.CreateAsync(new { name = mine });

        string? line;
        while (!(line = await reader.ReadLineAsync(ManagerHost.Cancellation))!.Contains($"\"name\":\"{mine}\""))
        {
            line.ShouldNotContain(others);
        }
    }

    [Fact]
    public async Task Events_that_were_missed_are_those_one_may_see()
    {
        var (mine, others) = (Rows.UniqueName(), Rows.UniqueName());
        await host.Other.CreateAsync(new { name = others });
        await host.Own.CreateAsync(new { name = mine });

        using var stream = await host.Own.StreamAsync("/api/events?last_event_id=0");
        using StreamReader reader = new(stream);
        string? line;
        while (!(line = await reader.ReadLineAsync(ManagerHost.Cancellation))!.Contains($"\"name\":\"{mine}\""))
        {
            line.ShouldNotContain(others);
        }
    }

    [Fact]
    public async Task A_namespace_that_is_for_others_is_refused_with_the_limit()
    {
        (await host.Team.PostAsync("/api/clusters", new { name = "x", @namespace = "team-b-x" }))
            .ShouldBeProblem(403)
            .Detail.ShouldBe("The namespace team-b-x is not for team, who is bound to team-a-*.");
        (await host.Team.PostAsync("/api/clusters:validate", new { name = "x" })).ShouldBeProblem(403);
    }

    [Fact]
    public async Task A_namespace_that_was_there_is_for_those_who_are_bound_to_it()
    {
        var ns = $"team-a-{Rows.UniqueName()}";
        await host.MakeNamespaceAsync(ns);

        (await host.Editor.PostAsync("/api/clusters:validate", new { name = "x", @namespace = ns })).ShouldBeProblem(
            403
        );
        (await host.Team.PostAsync("/api/clusters:validate", new { name = "x", @namespace = ns })).ShouldBe(200);
    }

    [Fact]
    public async Task More_clusters_than_one_may_have_are_refused_also_when_they_come_at_once()
    {
        var asked = Enumerable
            .Range(0, 8)
            .Select(_ => host.Few.PostAsync("/api/clusters", new { name = Rows.UniqueName() }));
        var answers = await Task.WhenAll(asked);

        answers.Count(a => a.Status == 202).ShouldBe(2);
        foreach (var refused in answers.Where(a => a.Status != 202))
        {
            refused
                .ShouldBeProblem(403)
                .Detail.ShouldBe("few may have 2 clusters at once, and has 2: delete one first.");
        }
        (await host.Few.PostAsync("/api/clusters:validate", new { name = "x" })).ShouldBeProblem(403);
    }

    [Fact]
    public async Task A_life_is_as_long_as_one_may_give_it()
    {
        var name = Rows.UniqueName();
        (await host.Short.PostAsync("/api/clusters", new { name, ttl_hours = 9 }))
            .ShouldBeProblem(403)
            .Detail.ShouldContain("may live for 8 hours");

        var made = await host.Short.CreateAsync(new { name });
        made.Number("ttl_hours").ShouldBe(8, "the default is longer");
        var path = $"/api/clusters/{name}";
        (await host.Short.PatchAsync(path, new { ttl_hours = 9 })).ShouldBeProblem(403);
        (await host.Short.PatchAsync(path, """{"ttl_hours":null}"""))
            .ShouldBe(200)
            .Json.Number("ttl_hours")
            .ShouldBe(8);
        (await host.Short.PatchAsync(path, new { ttl_hours = 4 })).ShouldBe(200);
        (await host.Short.PostAsync(path + "/extend", new { ttl_hours = 7 })).ShouldBe(200);
        (await host.Short.PostAsync(path + "/extend", new { ttl_hours = 8 })).ShouldBeProblem(403);
        (await host.Editor.PostAsync(path + "/extend", new { ttl_hours = 8 })).ShouldBe(200);
    }

    [Fact]
    public async Task Idempotency_keys_of_different_callers_have_nothing_to_do_with_each_other()
    {
        var key = ("Idempotency-Key", Rows.UniqueName());
        var first = await host.Own.PostAsync("/api/clusters", new { name = Rows.UniqueName() }, key);
        var second = await host.Other.PostAsync("/api/clusters", new { name = Rows.UniqueName() }, key);

        (first.Status, second.Status).ShouldBe((202, 202));
    }

    private static async Task SeesOnlyAsync(Caller who, string mine, string others, string prefix)
    {
        var clusters = await ListAsync(who, "/api/clusters?limit=500", "clusters");
        var names = clusters.Select(c => c.Text("name")).ToList();
        names.ShouldContain(mine);
        names.ShouldNotContain(others);
        clusters.ShouldAllBe(c => c.Text("namespace").StartsWith(prefix));
        (await who.GetAsync($"/api/clusters/{mine}")).ShouldBe(200);
        foreach (var path in new[] { $"/api/clusters/{others}", $"/api/clusters/{others}/history" })
        {
            (await who.GetAsync(path)).ShouldBeProblem(404);
        }
        (await who.DeleteAsync($"/api/clusters/{others}")).ShouldBeProblem(404);
        (await who.PostAsync($"/api/clusters/{others}/pause")).ShouldBeProblem(404);

        var operations = await ListAsync(who, "/api/operations?limit=500", "operations");
        operations.Select(o => o.Text("cluster")).ShouldContain(mine);
        operations.Select(o => o.Text("cluster")).ShouldNotContain(others);
    }

    /// <summary>All of them, and the total says as many.</summary>
    private static async Task<List<JsonNode?>> ListAsync(Caller who, string path, string member)
    {
        var list = (await who.GetAsync(path)).ShouldBe(200).Json;
        var entries = list[member]!.AsArray().ToList();
        list.Number("total").ShouldBe(entries.Count);
        return entries;
    }

    /// <summary>A quiet manager with callers who are bound in each way.</summary>
    public sealed class Host : ManagerHost
    {
        private readonly Dictionary<string, Caller> _callers = [];

        internal Caller Team => Bound("team");

        internal Caller Own => Bound("own");

        internal Caller Other => Bound("other");

        internal Caller Few => Bound("few");

        internal Caller Short => Bound("short");

        private protected override Dictionary<string, string> Faults => new() { ["cli-hang"] = "before" };

        private protected override ManagerOptions Configure(ManagerOptions options) =>
            options with
            {
                VCluster = options.VCluster with { MaxParallel = 1 },
                Auth = options.Auth with
                {
                    ApiKeys =
                    [
                        .. options.Auth.ApiKeys,
                        Key("team", new Limits { Namespaces = ["team-a-*"] }),
                        Key("own", new Limits { OwnClusters = true }),
                        Key("other", new Limits { OwnClusters = true }),
                        Key("few", new Limits { MaxClusters = 2 }),
                        Key("short", new Limits { MaxTtlHours = 8 }),
                    ],
                },
            };

        private Caller Bound(string name)
        {
            if (!_callers.TryGetValue(name, out var caller))
            {
                _callers[name] = caller = new Caller(Address, KeyOf(name));
            }

            return caller;
        }

        private static ConfiguredApiKey Key(string name, Limits limits) =>
            new(name, KeyText.HashOf(KeyOf(name)), Role.Editor, Expires: null) { Limits = limits };
    }
}
