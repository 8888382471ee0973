using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using VClusterManager.Server.Clusters;
using VClusterManager.Server.Clusters.Lifecycle;
using VClusterManager.Server.Kubernetes;
using VClusterManager.Server.Kubernetes.Watching;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Tests.Kubernetes;
using VClusterManager.Server.Tests.TestHost;
using VClusterManager.Server.Work;
using Xunit;

namespace VClusterManager.Server.Tests.Clusters.Lifecycle;

/// <summary>
/// The limits of an operation, on a clock that the test moves: the server's own parts, never started, with a host that
/// nobody answers for and a view of it that the test fills.
/// </summary>
public sealed class OperationRunTests : IAsyncLifetime
{
    private readonly SqliteDatabase _database = new();
    private readonly FakeTimeProvider _time = new(Rows.Noon);
    private readonly ClusterRow _row = Rows.Cluster("demo", "vcluster-demo");
    private WebApplication _server = null!;
    private OperationRun _run = null!;

    private WorkQueue Queue => _server.Services.GetRequiredService<WorkQueue>();

    private string Kubeconfig => Path.Combine(Path.GetDirectoryName(_database.Options.File)!, "kubeconfig");

    private HostView View => _server.Services.GetRequiredService<HostView>();

    public async ValueTask InitializeAsync()
    {
        await _database.InitializeAsync();
        await File.WriteAllTextAsync(
            Kubeconfig,
            """{"clusters":[{"name":"x","cluster":{"server":"https://127.0.0.1:1"}}],"users":[{"name":"x","user":{"token":"t"}}],"contexts":[{"name":"x","context":{"cluster":"x","user":"x"}}],"current-context":"x"}"""
        );
        var options = TestHost.TestOptions.Over(_database.Options);
        _server = ServerBuilder.Build(
            options with
            {
                Kubernetes = new() { Kubeconfig = Kubeconfig, Context = null },
            }
        );
        var saves = new ClusterSaves(_server.Services.GetRequiredService<ClusterView>(), Queue, options, _time);
        var end = new OperationEnd(saves, _time);
        _run = new OperationRun(
            _server.Services.GetRequiredService<StepPlan>(),
            new StepLimits(options),
            new StepSaves(saves, end, _time),
            end,
            _server.Services.GetRequiredService<OperationLog>(),
            new CliSlots(options, _time),
            new HostOutages(View, _time),
            _time,
            NullLogger<OperationRun>.Instance
        );
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Time_in_which_the_host_cannot_be_read_does_not_count()
    {
        await BeginAsync(OperationKind.Create, ClusterPhase.Pending);

        for (var i = 0; i < 3; i++)
        {
            (await RunAsync()).Failed.ShouldBeFalse();
            var step = (await OperationAsync()).Steps.ShouldHaveSingleItem();
            step.Message.ShouldContain("cannot be read");
            step.Deadline.ShouldBe(_time.GetUtcNow() + TimeSpan.FromMinutes(5));
            _time.Advance(TimeSpan.FromHours(1));
        }

        (await OperationAsync()).State.ShouldBe(OperationState.Running);
    }

    [Fact]
    public async Task What_is_not_done_in_its_time_has_failed()
    {
        Show(Observed.Workload);
        await BeginAsync(OperationKind.Resume, ClusterPhase.Waking);

        await RunAsync();
        _time.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromSeconds(1));
        await RunAsync();
        (await OperationAsync()).State.ShouldBe(OperationState.Running);
        _time.Advance(TimeSpan.FromSeconds(1));
        await RunAsync();

        var failed = await OperationAsync();
        failed.State.ShouldBe(OperationState.Failed);
        failed.Message.ShouldStartWith("Not done within 300 s: ");
        failed
            .Steps.Select(s => (s.Name, s.State))
            .ShouldBe([("resume", OperationState.Succeeded), ("ready", OperationState.Failed)]);
        (await RowAsync()).Phase.ShouldBe(ClusterPhase.Failed);
    }

    [Fact]
    public async Task A_resume_is_not_called_done_by_a_watch_that_may_show_it_as_before_the_pause()
    {
        Show(Observed.Workload with { ReadyReplicas = 1 });
        await BeginAsync(OperationKind.Resume, ClusterPhase.Waking, hasAsked: false);

        await RunAsync();

        var step = (await OperationAsync()).Steps.ShouldHaveSingleItem();
        (step.Name, step.State).ShouldBe(("resume", OperationState.Running));
        step.Message.ShouldContain("cannot be read");
    }

    [Fact]
    public async Task What_was_begun_in_its_time_and_ends_after_it_is_looked_at_once_more()
    {
        await using var host = await ScriptedHost.StartAsync();
        File.Copy(host.WriteKubeconfig("secret-token"), Kubeconfig, overwrite: true);
        host.On(
            "/api/v1/namespaces/vcluster-demo/pods/demo-0/log",
            watch: false,
            context =>
            {
                _time.Advance(TimeSpan.FromMinutes(1));
                return ScriptedHost.Json("boom")(context);
            }
        );
        Show(Observed.Workload);
        await BeginAsync(OperationKind.Resume, ClusterPhase.Waking);
        await RunAsync();
        _time.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromSeconds(1));
        Show(Observed.Workload, Observed.Pod(Observed.Container("CrashLoopBackOff", null)));

        await RunAsync();
        var late = await OperationAsync();
        late.State.ShouldBe(OperationState.Running, late.Message);
        late.Message.ShouldEndWith("Its last words: boom");

        await RunAsync();
        (await OperationAsync()).State.ShouldBe(OperationState.Failed);
    }

    [Fact]
    public async Task What_seldom_goes_away_by_itself_is_given_up_sooner()
    {
        Show(Observed.Workload, Observed.Pod(Observed.Container("ImagePullBackOff", "not found")));
        await BeginAsync(OperationKind.Resume, ClusterPhase.Waking);

        await RunAsync();
        (await OperationAsync()).Steps[^1].HopelessSince.ShouldBe(_time.GetUtcNow());
        _time.Advance(TimeSpan.FromMinutes(1));
        await RunAsync();

        (await OperationAsync()).State.ShouldBe(OperationState.Failed);
        (await RowAsync()).Message.ShouldContain("cannot be pulled");
    }

    [Fact]
    public async Task A_step_that_was_done_and_is_to_be_done_again_has_its_whole_time()
    {
        Show(Observed.Workload with { ReadyReplicas = 1 });
        await BeginAsync(OperationKind.Resume, ClusterPhase.Waking);
        await RunAsync();
        (await OperationAsync()).Steps.Single(s => s.Name == "ready").State.ShouldBe(OperationState.Succeeded);

        _time.Advance(TimeSpan.FromHours(1));
        Show(Observed.Workload);
        await RunAsync();

        var operation = await OperationAsync();
        operation.State.ShouldBe(OperationState.Running);
        operation.Steps.Single(s => s.Name == "ready").Deadline.ShouldBe(_time.GetUtcNow() + TimeSpan.FromMinutes(5));
    }

    [Fact]
    public async Task An_operation_that_was_ended_before_it_began_is_left_alone()
    {
        await BeginAsync(OperationKind.Create, ClusterPhase.Pending);
        var seen = await SnapshotAsync();
        await ChangeAsync(operation => operation.State = OperationState.Cancelled);

        (await RunAsync(seen)).Failed.ShouldBeFalse();

        var operation = await OperationAsync();
        operation.State.ShouldBe(OperationState.Cancelled);
        operation.Steps.ShouldBeEmpty();
    }

    [Fact]
    public async Task One_that_gives_way_while_it_runs_writes_nothing_into_the_delete()
    {
        Show(Observed.Workload);
        await BeginAsync(OperationKind.Resume, ClusterPhase.Waking);
        var seen = await SnapshotAsync();
        var delete = Rows.Operation(_row, OperationKind.Delete);
        await ChangeAsync(
            operation => operation.CancelRequested = true,
            store =>
            {
                store.Operations.Add(delete);
                store.Clusters.Single(c => c.Id == _row.Id).Desired = DesiredState.Deleted;
            }
        );

        (await RunAsync(seen)).Failed.ShouldBeFalse();

        var left = await _database.Stores.ReadAsync(store => store.Operations.SingleAsync(o => o.Id == delete.Id));
        (left.State, left.Steps.Count).ShouldBe((OperationState.Queued, 0));
    }

    private void Show(ObservedWorkload workload, params ObservedPod[] pods)
    {
        var before = View.Find(Observed.Key).Workload;
        var ours = workload with
        {
            Annotations = new Dictionary<string, string> { [ClusterStamps.IdAnnotation] = _row.Id.ToString() },
        };
        View.StatefulSets.Change(before is null ? null : new(Observed.Key, before), new(Observed.Key, ours));
        foreach (var pod in pods)
        {
            View.Pods.Change(null, new Owned<ObservedPod>(Observed.Key, pod));
        }
    }

    private async Task BeginAsync(OperationKind kind, ClusterPhase phase, bool hasAsked = true)
    {
        _row.Phase = phase;
        var operation = Rows.Operation(_row, kind);
        if (kind == OperationKind.Resume && hasAsked)
        {
            // Nobody can be asked: it was, and the rest can be told from what is shown.
            operation.Steps.Add(new OperationStepRow { Name = "resume", State = OperationState.Succeeded });
        }
        await _database.Stores.TransactAsync(
            async store =>
            {
                await Queue.EnqueueAsync(store, WorkKinds.Cluster, _row.Id.ToString(), default);
                store.Clusters.Add(_row);
                store.Operations.Add(operation);
            },
            ManagerHost.Cancellation
        );
        var claims = await Queue.ClaimAsync("test", [WorkKinds.Cluster], 1, ManagerHost.Cancellation);
        _context = new WorkContext(claims[0], Queue, () => WorkInterruption.None, ManagerHost.Cancellation);
    }

    private WorkContext _context = null!;

    private async Task<WorkOutcome> RunAsync(ClusterSnapshot? seen = null) =>
        await _run.RunAsync(_context, seen ?? await SnapshotAsync());

    private Task<ClusterSnapshot> SnapshotAsync() =>
        _database.Stores.ReadAsync(async store => new ClusterSnapshot(
            await store.Clusters.AsNoTracking().SingleAsync(c => c.Id == _row.Id),
            await store.Operations.AsNoTracking().SingleAsync(o => o.ClusterId == _row.Id)
        ));

    private async Task<OperationRow> OperationAsync() => (await SnapshotAsync()).Operation!;

    private async Task<ClusterRow> RowAsync() => (await SnapshotAsync()).Row;

    private Task ChangeAsync(Action<OperationRow> change, Action<Store>? more = null) =>
        _database.Stores.TransactAsync(
            async store =>
            {
                change(await store.Operations.SingleAsync(o => o.ClusterId == _row.Id));
                more?.Invoke(store);
            },
            ManagerHost.Cancellation
        );
}
