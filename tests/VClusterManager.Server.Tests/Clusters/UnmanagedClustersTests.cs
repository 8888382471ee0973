using Microsoft.Extensions.Time.Testing;
using Shouldly;
using VClusterManager.Server.Clusters;
using VClusterManager.Server.Identity;
using VClusterManager.Server.Kubernetes;
using VClusterManager.Server.Kubernetes.Watching;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Tests.Clusters.Lifecycle;
using VClusterManager.Server.Tests.TestHost;
using Xunit;

namespace VClusterManager.Server.Tests.Clusters;

/// <summary>What the watch shows beside the clusters that are managed.</summary>
public sealed class UnmanagedClustersTests(SqliteDatabase database) : IClassFixture<SqliteDatabase>
{
    private readonly FakeTimeProvider _time = new(Rows.Noon);
    private readonly HostView _host = new();
    private readonly ClusterRow _row = Rows.Cluster(Observed.Key.Name, Observed.Key.Namespace);
    private readonly ClusterView _view = new(database.Stores);

    private UnmanagedClusters Unmanaged => new(_host, _view, _time);

    [Fact]
    public void A_workload_without_a_cluster_is_shown_and_holds_its_namespace()
    {
        Shows(Rows.Noon);

        Unmanaged.All(Principal.System).ShouldHaveSingleItem().Key.ShouldBe(Observed.Key);
        Unmanaged.Named(new ClusterReference("demo", null), Principal.System).Count.ShouldBe(1);
        Unmanaged.In(Observed.Key.Namespace).ShouldNotBeNull();
    }

    [Fact]
    public void A_watch_that_is_late_does_not_bring_back_what_was_deleted()
    {
        Shows(Rows.Noon - TimeSpan.FromHours(1));
        Ended();

        Unmanaged.All(Principal.System).ShouldBeEmpty();
        Unmanaged.Named(new ClusterReference("demo", null), Principal.System).ShouldBeEmpty();
        Unmanaged.In(Observed.Key.Namespace).ShouldBeNull();
        Unmanaged
            .Shown(new ClusterReference("demo", null), Principal.System)
            .Count.ShouldBe(1, "for who asks the host itself");

        // By now a watch has caught up: it is there indeed, as after a restore of the host.
        _time.Advance(TimeSpan.FromMinutes(2));
        Unmanaged.All(Principal.System).ShouldHaveSingleItem();
    }

    [Fact]
    public void What_was_made_after_its_delete_had_ended_is_shown()
    {
        Shows(Rows.Noon + TimeSpan.FromSeconds(1));
        Ended();

        Unmanaged.All(Principal.System).ShouldHaveSingleItem();
    }

    private void Shows(DateTimeOffset created) =>
        _host.StatefulSets.Change(
            null,
            new Owned<ObservedWorkload>(
                Observed.Key,
                Observed.Workload with
                {
                    CreatedAt = created,
                    Annotations = new Dictionary<string, string> { [ClusterStamps.IdAnnotation] = _row.Id.ToString() },
                }
            )
        );

    private void Ended()
    {
        _row.DeletedAt = Rows.Noon;
        _view.Publish(new ClusterSnapshot(_row, null));
    }
}
