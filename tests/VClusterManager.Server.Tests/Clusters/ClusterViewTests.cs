using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using VClusterManager.Server.Clusters;
using VClusterManager.Server.Kubernetes;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Tests.TestHost;
using Xunit;

namespace VClusterManager.Server.Tests.Clusters;

/// <summary>The memory of clusters, and who waits on it.</summary>
public sealed class ClusterViewTests(SqliteDatabase database) : IClassFixture<SqliteDatabase>
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly ApplicationLifetime _lifetime = new(NullLogger<ApplicationLifetime>.Instance);
    private readonly FakeTimeProvider _time = new(TestManager.Now);
    private readonly ClusterView _view = new(database.Stores);

    private ClusterWait Waits => new(_view, _time, _lifetime);

    [Fact]
    public void An_older_state_that_comes_late_does_not_replace_a_newer_one()
    {
        var row = Rows.Cluster();
        _view.Publish(Snapshot(row, version: 2, ClusterPhase.Running));
        _view.Publish(Snapshot(row, version: 1, ClusterPhase.Pending));

        _view.Find(row.Id)!.Row.Phase.ShouldBe(ClusterPhase.Running);
    }

    [Fact]
    public void What_is_gone_does_not_come_back_with_a_state_that_comes_late()
    {
        var row = Rows.Cluster();
        _view.Publish(Snapshot(row, version: 1, ClusterPhase.Deleting));
        _view.Publish(Gone(row, version: 2));
        _view.Publish(Snapshot(row, version: 1, ClusterPhase.Deleting));

        _view.Find(row.Id).ShouldBeNull();
        _view.All.ShouldBeEmpty();
    }

    [Fact]
    public void A_late_state_does_not_take_the_name_of_its_successor()
    {
        var first = Rows.Cluster("same", "ns");
        var second = Rows.Cluster("same", "ns");
        _view.Publish(Snapshot(first, version: 1, ClusterPhase.Deleting));
        _view.Publish(Gone(first, version: 2));
        _view.Publish(Snapshot(second, version: 1, ClusterPhase.Pending));
        _view.Publish(Snapshot(first, version: 1, ClusterPhase.Deleting));

        _view.Find(new NamespacedName("ns", "same"))!.Row.Id.ShouldBe(second.Id);
    }

    [Fact]
    public void A_name_leads_to_the_clusters_of_all_namespaces_until_they_are_gone()
    {
        var one = Rows.Cluster("twice", "one");
        var two = Rows.Cluster("twice", "two");
        _view.Publish(Snapshot(one, version: 1, ClusterPhase.Running));
        _view.Publish(Snapshot(two, version: 1, ClusterPhase.Running));
        _view.Publish(Snapshot(two, version: 2, ClusterPhase.Running));
        _view.Named("twice").Select(c => c.Row.Namespace).Order().ShouldBe(["one", "two"]);

        _view.Publish(Gone(one, version: 2));

        _view.Named("twice").ShouldHaveSingleItem().Row.Id.ShouldBe(two.Id);
        _view.Publish(Gone(two, version: 3));
        _view.Named("twice").ShouldBeEmpty();
    }

    [Fact]
    public async Task Reading_again_brings_in_and_forgets_what_others_did()
    {
        var added = Rows.Cluster();
        var lost = Rows.Cluster();
        await database.Stores.TransactAsync(
            store =>
            {
                store.Clusters.Add(added);
                return Task.CompletedTask;
            },
            ManagerHost.Cancellation
        );
        _view.Publish(Snapshot(lost, version: 1, ClusterPhase.Running));

        await _view.ReloadAsync(ManagerHost.Cancellation);

        _view.Find(added.Id).ShouldNotBeNull();
        _view.Find(lost.Id).ShouldBeNull();
    }

    [Fact]
    public async Task Who_waits_is_told_when_it_is_done()
    {
        var row = Rows.Cluster();
        _view.Publish(Snapshot(row, version: 1, ClusterPhase.Provisioning));
        var waiting = WaitAsync(row, s => s.Row.Phase == ClusterPhase.Running);

        _view.Publish(Snapshot(Rows.Cluster(), version: 1, ClusterPhase.Running));
        waiting.IsCompleted.ShouldBeFalse();
        _view.Publish(Snapshot(row, version: 2, ClusterPhase.Running));

        (await waiting)!.Row.RowVersion.ShouldBe(2);
    }

    [Fact]
    public async Task Who_waits_is_told_when_it_is_gone()
    {
        var row = Rows.Cluster();
        _view.Publish(Snapshot(row, version: 1, ClusterPhase.Deleting));
        var waiting = WaitAsync(row, _ => false);

        _view.Publish(Gone(row, version: 2));

        (await waiting).ShouldBeNull();
    }

    [Fact]
    public async Task Who_waits_gets_the_newest_state_when_the_time_is_up()
    {
        var row = Rows.Cluster();
        _view.Publish(Snapshot(row, version: 1, ClusterPhase.Pending));
        var waiting = WaitAsync(row, _ => false);
        _view.Publish(Snapshot(row, version: 2, ClusterPhase.Provisioning));
        waiting.IsCompleted.ShouldBeFalse();

        _time.Advance(Minute);

        (await waiting)!.Row.Phase.ShouldBe(ClusterPhase.Provisioning);
    }

    [Fact]
    public async Task Who_waits_gets_the_newest_state_when_the_server_stops()
    {
        var row = Rows.Cluster();
        _view.Publish(Snapshot(row, version: 1, ClusterPhase.Pending));
        var waiting = WaitAsync(row, _ => false);

        _lifetime.StopApplication();

        (await waiting)!.Row.Phase.ShouldBe(ClusterPhase.Pending);
    }

    [Fact]
    public async Task Who_goes_away_waits_no_longer()
    {
        var row = Rows.Cluster();
        _view.Publish(Snapshot(row, version: 1, ClusterPhase.Pending));
        using var gone = new CancellationTokenSource();
        var waiting = Waits.ForAsync(row.Id, _ => false, Minute, gone.Token);

        await gone.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(waiting);
    }

    [Fact]
    public async Task No_time_at_all_is_no_wait()
    {
        var row = Rows.Cluster();
        _view.Publish(Snapshot(row, version: 1, ClusterPhase.Pending));

        (await Waits.ForAsync(row.Id, _ => false, TimeSpan.Zero, default)).ShouldNotBeNull();
    }

    private Task<ClusterSnapshot?> WaitAsync(ClusterRow row, Func<ClusterSnapshot, bool> done) =>
        Waits.ForAsync(row.Id, done, Minute, ManagerHost.Cancellation);

    private static ClusterSnapshot Snapshot(ClusterRow row, long version, ClusterPhase phase)
    {
        var copy = Copy(row, version);
        copy.Phase = phase;
        return new ClusterSnapshot(copy, null);
    }

    private static ClusterSnapshot Gone(ClusterRow row, long version)
    {
        var copy = Copy(row, version);
        copy.DeletedAt = Rows.Noon;
        return new ClusterSnapshot(copy, null);
    }

    private static ClusterRow Copy(ClusterRow row, long version) =>
        new()
        {
            Id = row.Id,
            Name = row.Name,
            Namespace = row.Namespace,
            KubernetesVersion = row.KubernetesVersion,
            KubernetesImageTag = row.KubernetesImageTag,
            CreatedBy = row.CreatedBy,
            Source = row.Source,
            CreatedAt = row.CreatedAt,
            RowVersion = version,
        };
}
