using Shouldly;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Tests.TestHost;
using Xunit;

namespace VClusterManager.Server.Tests.Clusters.Rest;

/// <summary>Where clusters may go, and what they may hold. Most of it is answered before anything is made.</summary>
public sealed class PlacementTests(PlacementTests.PrefixedHost host) : IClassFixture<PlacementTests.PrefixedHost>
{
    [Theory]
    [InlineData("a1", null, "team-vcluster-a1")]
    [InlineData("a2", "", "team-vcluster-a2")]
    [InlineData("a3", "mine", "team-mine")]
    [InlineData("a4", "team-mine", "team-mine")]
    public async Task The_prefix_is_put_in_front_where_it_is_missing(string name, string? ns, string expected) =>
        (await ValidateAsync(new { name, @namespace = ns })).ShouldBe(200).Json.Text("namespace").ShouldBe(expected);

    [Theory]
    [InlineData("team-prod-1", "reserved")]
    [InlineData("Upper", "no valid namespace")]
    [InlineData("dot.ted", "no valid namespace")]
    [InlineData("ends-", "no valid namespace")]
    [InlineData("a-namespace-of-fifty-nine-characters-is-too-long-with-prefix", "at most 63")]
    public async Task A_namespace_that_cannot_be_is_refused(string ns, string why) =>
        (await ValidateAsync(new { name = "b", @namespace = ns }))
            .ShouldBeInvalid("namespace")
            .Detail.ShouldContain(why);

    [Fact]
    public async Task A_namespace_of_somebody_else_is_for_admins()
    {
        await host.MakeNamespaceAsync("team-foreign");
        var body = new { name = "c", @namespace = "team-foreign" };

        (await host.Editor.PostAsync("/api/clusters", body)).ShouldBeProblem(403).Detail.ShouldContain("team-foreign");
        (await ValidateAsync(body)).ShouldBeProblem(403);
        (await host.Admin.PostAsync("/api/clusters:validate", body)).ShouldBe(200);

        (await host.Admin.PostAsync("/api/clusters?wait=60", body)).ShouldBe(201);
        (await host.Admin.DeleteAsync("/api/clusters/c?wait=60")).ShouldBe(200);
        (await host.Admin.PostAsync("/api/clusters:validate", body)).ShouldBe(200, "the namespace was kept");
        (await ValidateAsync(body)).ShouldBeProblem(403);
    }

    [Theory]
    [InlineData("""{"experimental":{"syncSettings":{}}}""", "experimental")]
    [InlineData("""{"rbac":{"role":{"enabled":false}}}""", "rbac")]
    [InlineData("""{"controlPlane":{"advanced":{"x":1}}}""", "controlPlane.advanced")]
    [InlineData("""{"controlPlane":{"statefulSet":{"security":{}}}}""", "controlPlane.statefulSet.security")]
    [InlineData("""{"sync":{"fromHost":{"nodes":{"enabled":true}}}}""", "sync.fromHost")]
    [InlineData("""{"controlPlane":{"coredns":{"deployment":{"image":"evil"}}}}""", "image")]
    public async Task Values_that_can_reach_the_host_are_for_admins(string values, string path)
    {
        var body = $$"""{"name":"denied","values":{{values}}}""";

        (await ValidateAsync(body)).ShouldBeProblem(403).Detail.ShouldContain(path);
        (await host.Editor.PostAsync("/api/clusters", body)).ShouldBeProblem(403);
        (await host.Admin.PostAsync("/api/clusters:validate", body)).ShouldBe(200);
    }

    [Fact]
    public async Task Size_and_persistence_may_be_set_by_editors() =>
        (
            await ValidateAsync(
                """{"name":"big","values":{"controlPlane":{"statefulSet":{"resources":{"limits":{"memory":"2Gi"}}}}}}"""
            )
        ).ShouldBe(200);

    [Fact]
    public async Task Protection_is_for_admins()
    {
        var body = new { name = "safe", @protected = true };

        (await ValidateAsync(body)).ShouldBeProblem(403).Detail.ShouldContain("protect");
        (await host.Admin.PostAsync("/api/clusters:validate", body)).ShouldBe(200);
        (await ValidateAsync(new { name = "safe", @protected = false })).ShouldBe(200);
    }

    [Theory]
    [InlineData("1.34", "v1.34.0")]
    [InlineData("v1.34", "v1.34.0")]
    [InlineData("1.33.4", "v1.33.4")]
    [InlineData("v1.33.4", "v1.33.4")]
    [InlineData(null, "v1.35.0")]
    public async Task Versions_on_offer_become_image_tags(string? version, string tag) =>
        (await ValidateAsync(new { name = "d", k8s_version = version }))
            .ShouldBe(200)
            .Json.Text("image_tag")
            .ShouldBe(tag);

    [Theory]
    [InlineData("1.25")]
    [InlineData("1.34.9")]
    [InlineData("latest")]
    [InlineData("v")]
    public async Task A_version_that_is_not_on_offer_is_refused_with_those_that_are(string version) =>
        (await ValidateAsync(new { name = "d", k8s_version = version }))
            .ShouldBeInvalid("k8s_version")
            .Detail.ShouldContain("1.35, 1.34, 1.33, 1.32");

    [Fact]
    public async Task All_that_is_wrong_is_said_at_once()
    {
        var answer = await ValidateAsync(
            new
            {
                name = "Bad",
                ttl_hours = 0,
                k8s_version = "0.1",
                labels = new Dictionary<string, string> { ["-"] = "x", ["ok"] = "no spaces" },
            }
        );

        answer.ShouldBeInvalid("name");
        answer.Json["errors"]!.AsObject().Select(e => e.Key).ShouldBe(["name", "k8s_version", "ttl_hours", "labels"]);
        answer.Json["errors"]!["labels"]!.AsArray().Count.ShouldBe(2);
    }

    [Fact]
    public async Task More_clusters_than_the_limit_are_refused()
    {
        var made = await host.Editor.PostAsync("/api/clusters", new { name = "last" });
        made.ShouldBe(202);

        (await host.Editor.PostAsync("/api/clusters", new { name = "too-many" }))
            .ShouldBeProblem(409)
            .Detail.ShouldContain("max_clusters");

        (await host.Editor.DeleteAsync("/api/clusters/last?wait=60")).ShouldBe(200);
    }

    private Task<Answer> ValidateAsync(object body) => host.Editor.PostAsync("/api/clusters:validate", body);

    /// <summary>Room for one cluster, in namespaces with a prefix.</summary>
    public sealed class PrefixedHost : ManagerHost
    {
        private protected override ManagerOptions Configure(ManagerOptions options) =>
            options with
            {
                VCluster = options.VCluster with
                {
                    NamespacePrefix = "team-",
                    MaxClusters = 1,
                    ReservedNamespaces = [.. options.VCluster.ReservedNamespaces, "team-prod-*"],
                },
            };
    }
}
