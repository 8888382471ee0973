using Shouldly;
using VClusterManager.Contracts;
using VClusterManager.Server.Clusters;
using VClusterManager.Server.Http;
using VClusterManager.Server.Identity;
using VClusterManager.Server.Kubernetes;
using VClusterManager.Server.Storage;
using Xunit;

namespace VClusterManager.Server.Tests.Clusters;

public sealed class ClusterAdmissionTests
{
    [Fact]
    public void A_name_is_enough_and_everything_else_has_a_default()
    {
        var row = Admit(new ClusterCreate { Name = "demo" }).Value;

        row.Namespace.ShouldBe("vcluster-demo");
        row.KubernetesVersion.ShouldBe("1.35");
        row.KubernetesImageTag.ShouldBe("v1.35.0");
        row.TtlHours.ShouldBe(24);
        row.ExpiresAt.ShouldBe(TestManager.Now.AddHours(24));
        row.Protected.ShouldBeFalse();
        row.CreatedBy.ShouldBe("anna");
    }

    [Fact]
    public void Everything_that_is_wrong_is_said_at_once()
    {
        var problem = Admit(
            new ClusterCreate
            {
                Name = "demo",
                Namespace = "kube-system",
                KubernetesVersion = "1.25",
                TtlHours = 721,
                Labels = new Dictionary<string, string> { ["a b"] = "x" },
            }
        ).Problem;

        problem.ShouldNotBeNull().Kind.ShouldBe(ProblemKind.Invalid);
        problem.Errors!.Keys.ShouldBe(["namespace", "k8s_version", "ttl_hours", "labels"], ignoreOrder: true);
        problem.Errors["k8s_version"].ShouldBe(["'1.25' is not on offer; choose one of 1.35, 1.34, 1.33, 1.32"]);
    }

    [Theory]
    [InlineData("kube-public")]
    [InlineData("default")]
    [InlineData("platform")]
    [InlineData("prod-eu")]
    [InlineData("Upper")]
    [InlineData("-a")]
    [InlineData("a_b")]
    [InlineData("a234567890123456789012345678901234567890123456789012345678901234")]
    public void A_namespace_that_must_not_or_cannot_be_used_is_refused(string ns) =>
        Admit(new ClusterCreate { Name = "demo", Namespace = ns }).Problem!.Errors!.Keys.ShouldBe(["namespace"]);

    [Theory]
    [InlineData(null, "team-vcluster-demo")]
    [InlineData("mine", "team-mine")]
    [InlineData("team-mine", "team-mine")]
    public void The_prefix_is_put_in_front_where_it_is_not_there_already(string? asked, string expected)
    {
        var options = TestManager.VCluster with { NamespacePrefix = "team-" };

        Admit(new ClusterCreate { Name = "demo", Namespace = asked }, options: options)
            .Value.Namespace.ShouldBe(expected);
    }

    [Fact]
    public void Only_admins_may_protect()
    {
        Admit(new ClusterCreate { Name = "demo", Protected = true }).Problem!.Kind.ShouldBe(ProblemKind.Forbidden);
        Admit(new ClusterCreate { Name = "demo", Protected = true }, TestManager.Admin).Value.Protected.ShouldBeTrue();
    }

    [Fact]
    public void Only_admins_may_set_values_that_reach_the_host()
    {
        var asked = new ClusterCreate
        {
            Name = "demo",
            Values = TestManager.Json(
                """{"experimental":{"deploy":{}},"controlPlane":{"statefulSet":{"resources":{}}}}"""
            ),
        };

        var problem = Admit(asked).Problem;

        problem.ShouldNotBeNull().Kind.ShouldBe(ProblemKind.Forbidden);
        problem.Detail.ShouldContain("experimental");
        problem.Detail.ShouldNotContain("resources");
        Admit(asked, TestManager.Admin).Problem.ShouldBeNull();
    }

    [Fact]
    public void A_namespace_that_we_did_not_make_is_for_admins()
    {
        var foreign = Namespace(new Dictionary<string, string>());
        var ours = Namespace(ClusterStamps.Labels("default"));
        var other = Namespace(ClusterStamps.Labels("another"));

        Admit(new ClusterCreate { Name = "demo" }, existing: foreign).Problem!.Kind.ShouldBe(ProblemKind.Forbidden);
        Admit(new ClusterCreate { Name = "demo" }, existing: other).Problem!.Kind.ShouldBe(ProblemKind.Forbidden);
        Admit(new ClusterCreate { Name = "demo" }, existing: ours).Problem.ShouldBeNull();
        Admit(new ClusterCreate { Name = "demo" }, TestManager.Admin, foreign)
            .Value.MayUseForeignNamespace.ShouldBeTrue();
    }

    private static ObservedNamespace Namespace(IReadOnlyDictionary<string, string> labels) =>
        new("vcluster-demo", "uid", Terminating: false, labels, new Dictionary<string, string>(), []);

    private static Outcome<ClusterRow> Admit(
        ClusterCreate asked,
        Principal? who = null,
        ObservedNamespace? existing = null,
        Server.Configuration.VClusterOptions? options = null
    ) =>
        TestManager
            .Admission(options)
            .Admit(asked, who ?? TestManager.Editor, ClusterSources.Api, _ => existing, TestManager.Now);
}
