using System.Text.Json.Nodes;
using Shouldly;
using VClusterManager.Server.Clusters.Preflight;
using VClusterManager.Server.Kubernetes;
using Xunit;

namespace VClusterManager.Server.Tests.Clusters.Preflight;

public sealed class PreflightReportTests
{
    private static readonly RightsRule Workload = new(["apps"], ["statefulsets"], ["create"]);

    [Fact]
    public void A_missing_right_is_told_with_what_does_not_work_and_what_to_do() =>
        PreflightReport
            .Text(PreflightReport.Sentences(Workload.Rights().Select(right => (Workload, right))))
            .ShouldBe(
                "The service account may not create statefulsets.apps in all namespaces: clusters cannot be created. Apply k8s/rbac.yaml."
            );

    [Fact]
    public void Kinds_that_lack_the_same_verbs_are_named_together()
    {
        HostRight[] missing =
        [
            new("", "services", "get"),
            new("", "services", "list"),
            new("", "serviceaccounts", "get"),
            new("", "serviceaccounts", "list"),
            new("", "pods/log", "get"),
        ];
        PreflightReport
            .Sentences(missing.Select(right => (Workload, right)))
            .ShouldBe([
                "The service account may not get, list services, serviceaccounts and not get pods/log in all namespaces: clusters are not seen.",
            ]);
    }

    [Fact]
    public void A_lease_is_missed_in_its_namespace() =>
        PreflightReport
            .Sentences([(NeededRights.Lease, new("coordination.k8s.io", "leases", "update", "default"))])
            .ShouldBe([
                "The service account may not update leases.coordination.k8s.io in namespace default: nothing can be changed.",
            ]);

    [Fact]
    public void Of_many_only_the_first_are_told()
    {
        var all = NeededRights.Used.SelectMany(rule => rule.Rights(), (rule, right) => (rule, right));

        var text = PreflightReport.Text(PreflightReport.Sentences(all))!;

        text.ShouldContain($"The log names {NeededRights.Used.Count - 4} more.");
        text.ShouldEndWith("Apply k8s/rbac.yaml.");
        PreflightReport.Text([]).ShouldBeNull();
    }

    [Theory]
    [InlineData("{}", false)]
    [InlineData("""{"controlPlane":{"statefulSet":{"persistence":{"volumeClaim":{"size":"1Gi"}}}}}""", false)]
    [InlineData("""{"controlPlane":{"statefulSet":{"persistence":{"volumeClaim":{"storageClass":"gp3"}}}}}""", true)]
    [InlineData("""{"controlPlane":{"statefulSet":{"persistence":{"volumeClaim":{"enabled":false}}}}}""", true)]
    [InlineData("""{"controlPlane":{"statefulSet":{"persistence":{"volumeClaim":{"enabled":"auto"}}}}}""", false)]
    [InlineData("""{"controlPlane":{"statefulSet":[]}}""", false)]
    public void Values_for_all_clusters_may_settle_where_volumes_come_from(string values, bool isSettled) =>
        PreflightCheck.IsSettled(JsonNode.Parse(values)!.AsObject()).ShouldBe(isSettled);
}
