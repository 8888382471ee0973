using Shouldly;
using VClusterManager.Server.Clusters;
using VClusterManager.Server.Clusters.Lifecycle;
using VClusterManager.Server.Kubernetes;
using VClusterManager.Server.Storage;
using Xunit;

namespace VClusterManager.Server.Tests.Clusters.Lifecycle;

public sealed class IdleCheckTests
{
    [Fact]
    public void Ready_needs_the_workload_and_the_kubeconfig()
    {
        IdleCheck.What(Row(), Observed.Ready).ShouldBe(LifecycleEvent.SeenReady);
        IdleCheck.What(Row(), Observed.Ready with { KubeconfigVersion = null }).ShouldBe(LifecycleEvent.SeenUnready);
        IdleCheck.What(Row(), Observed.Starting).ShouldBe(LifecycleEvent.SeenUnready);
    }

    [Fact]
    public void What_is_paused_and_runs_nothing_is_asleep_and_what_runs_is_not()
    {
        var paused = Observed.Workload with { Paused = true };

        IdleCheck
            .What(Row(), Observed.Ready with { Workload = paused with { Replicas = 0 } })
            .ShouldBe(LifecycleEvent.SeenPaused);
        // An upgrade of a paused cluster leaves the annotation behind.
        IdleCheck
            .What(Row(), Observed.Ready with { Workload = paused with { ReadyReplicas = 1 } })
            .ShouldBe(LifecycleEvent.SeenReady);
    }

    [Fact]
    public void No_workload_or_that_of_another_cluster_is_missing()
    {
        var other = new Dictionary<string, string> { [ClusterStamps.IdAnnotation] = Guid.NewGuid().ToString() };

        IdleCheck.What(Row(), new ObservedCluster { Key = Observed.Key }).ShouldBe(LifecycleEvent.SeenMissing);
        IdleCheck
            .What(Row(), Observed.Ready with { Workload = Observed.Workload with { Annotations = other } })
            .ShouldBe(LifecycleEvent.SeenMissing);
    }

    [Fact]
    public void A_workload_that_nobody_marked_belongs_to_the_cluster_that_adopted_it()
    {
        var unmarked = Observed.Ready with
        {
            Workload = Observed.Workload with { ReadyReplicas = 1, Annotations = new Dictionary<string, string>() },
        };

        IdleCheck.What(Row(), unmarked).ShouldBe(LifecycleEvent.SeenMissing);
        IdleCheck.What(Row(ClusterSources.Adopted), unmarked).ShouldBe(LifecycleEvent.SeenReady);
    }

    private static ClusterRow Row(string source = ClusterSources.Api) =>
        new()
        {
            Id = Observed.Id,
            Name = "demo",
            Namespace = "vcluster-demo",
            KubernetesVersion = "1.35",
            KubernetesImageTag = "v1.35.0",
            CreatedBy = "anna",
            Source = source,
            CreatedAt = default,
        };
}
