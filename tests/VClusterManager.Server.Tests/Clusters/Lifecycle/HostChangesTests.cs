using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using VClusterManager.Server.Clusters;
using VClusterManager.Server.Clusters.Lifecycle;
using VClusterManager.Server.Kubernetes;
using VClusterManager.Server.Kubernetes.Watching;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Tests.TestHost;
using VClusterManager.Server.Work;
using Xunit;

namespace VClusterManager.Server.Tests.Clusters.Lifecycle;

/// <summary>When a change on the host is worth a look at the cluster.</summary>
public sealed class HostChangesTests(SqliteDatabase database) : IClassFixture<SqliteDatabase>
{
    private readonly FakeTimeProvider _time = new(TestManager.Now);
    private readonly HostView _view = new();

    [Fact]
    public void One_with_work_to_be_done_always() =>
        NeedsLook(Row(ClusterPhase.Provisioning), OperationKind.Create, synced: false).ShouldBeTrue();

    [Fact]
    public void Nothing_is_concluded_from_a_host_that_was_not_read() =>
        NeedsLook(Row(ClusterPhase.Running), synced: false).ShouldBeFalse();

    [Fact]
    public void One_that_is_what_the_host_shows_is_left_alone()
    {
        ShowReady();

        NeedsLook(Row(ClusterPhase.Running)).ShouldBeFalse();
    }

    [Fact]
    public void One_whose_workload_is_gone_is_looked_at() => NeedsLook(Row(ClusterPhase.Running)).ShouldBeTrue();

    [Fact]
    public void One_that_was_given_up_and_runs_after_all_is_looked_at()
    {
        ShowReady();

        NeedsLook(Row(ClusterPhase.Failed)).ShouldBeTrue();
    }

    [Fact]
    public void One_that_somebody_paused_is_looked_at()
    {
        Show(Marked with { Paused = true, Replicas = 0 });

        NeedsLook(Row(ClusterPhase.Running)).ShouldBeTrue();
        NeedsLook(Row(ClusterPhase.Sleeping)).ShouldBeFalse();
    }

    [Fact]
    public void One_whose_labels_are_not_on_the_host_yet_is_looked_at()
    {
        ShowReady();
        var row = Row(ClusterPhase.Running);
        row.Labels = new() { ["new"] = "1" };

        NeedsLook(row).ShouldBeTrue();
    }

    [Fact]
    public void A_delete_that_was_given_up_waits_for_its_own_time()
    {
        var row = Row(ClusterPhase.Failed);
        row.Desired = DesiredState.Deleted;

        NeedsLook(row).ShouldBeFalse();
    }

    private static ObservedWorkload Marked
    {
        get
        {
            var annotations = new Dictionary<string, string>(Observed.Workload.Annotations);
            foreach (var (name, value) in ClusterStamps.Changeable(Row(ClusterPhase.Running)))
            {
                if (value is not null)
                {
                    annotations[name] = value;
                }
            }

            return Observed.Workload with
            {
                ReadyReplicas = 1,
                Annotations = annotations,
            };
        }
    }

    private void ShowReady()
    {
        Show(Marked);
        _view.Kubeconfigs.Change(null, new Owned<KubeconfigSecret>(Observed.Key, new KubeconfigSecret("1")));
    }

    private void Show(ObservedWorkload workload) =>
        _view.StatefulSets.Change(null, new Owned<ObservedWorkload>(Observed.Key, workload));

    private bool NeedsLook(ClusterRow row, OperationKind? active = null, bool synced = true)
    {
        var health = new WatchHealth("all", _time);
        if (synced)
        {
            health.Listed();
        }

        _view.Gauge.Watch([health]);
        using var access = new WriteAccess(TestManager.Options(), _time);
        using var changes = new HostChanges(
            _view,
            new ClusterView(database.Stores),
            new CliSlots(TestManager.Options(), _time),
            database.Stores,
            new WorkQueue(database.Stores, _time, new WorkSettings()),
            database.Database,
            access,
            _time,
            NullLogger<HostChanges>.Instance
        );
        return changes.NeedsLook(new ClusterSnapshot(row, active is { } kind ? Rows.Operation(row, kind) : null));
    }

    private static ClusterRow Row(ClusterPhase phase) =>
        new()
        {
            Id = Observed.Id,
            Name = Observed.Key.Name,
            Namespace = Observed.Key.Namespace,
            Phase = phase,
            KubernetesVersion = "1.35",
            KubernetesImageTag = "v1.35.0",
            CreatedBy = "anna",
            Source = ClusterSources.Api,
            CreatedAt = TestManager.Now,
            ExpiresAt = TestManager.Now.AddHours(1),
        };
}
