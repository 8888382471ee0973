using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using VClusterManager.Server.Clusters;
using VClusterManager.Server.Clusters.Time;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Kubernetes;
using VClusterManager.Server.Kubernetes.Watching;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Tests.Http;
using VClusterManager.Server.Tests.TestHost;
using VClusterManager.Server.VCluster;
using VClusterManager.Server.Work;

namespace VClusterManager.Server.Tests.Clusters.Time;

/// <summary>
/// Clusters in a real database, a clock that the test moves, a host that can be read and whose clock goes with it; and what
/// time asks for is done when the test says so, exactly as the work loop would.
/// </summary>
internal sealed class ClockWorld : IDisposable
{
    private static readonly string[] Kinds = [WorkKinds.Clock];

    private readonly ManagerOptions _options;
    private readonly ClusterClock _clock;
    private readonly WriteAccess _access;

    public ClockWorld(TestDatabase database, ExpiryOptions? expiry = null)
    {
        var defaults = TestOptions.Over(database.Options);
        _options = defaults with { VCluster = defaults.VCluster with { Expiry = expiry ?? new() } };
        Stores = database.Stores;
        Queue = new WorkQueue(Stores, Time, new WorkSettings());
        Clusters = new ClusterView(Stores);
        HostClock = new HostClock(Time);
        Watch = new WatchHealth("everything", Time);
        Watch.Listed();
        Host.Gauge.Watch([Watch]);
        _access = new WriteAccess(_options, Time);
        _access.Open(Timeout.InfiniteTimeSpan, "");
        var places = new ClusterPlaces(Host, new UnmanagedClusters(Host, Clusters, Time), _options);
        var intents = new IntentStore(Stores, Queue, Clusters, places, _options, Time);
        var inserts = new IntentInserts(Stores, Queue, Clusters, places, new RecordedAnswers(Stores, Time), _options);
        var admission = new ClusterAdmission(_options, new KubernetesVersions(_options.VCluster));
        Requests = new ClusterRequests(intents, inserts, admission, Host, _access, _options, Time);
        Guard = new PruneGuard(Host, HostClock, _access, _options, Time);
        Intents = new TimeIntents(intents, _options, Time);
        Store = intents;
        Aim = new ClockAim(Stores, Queue, _options, Time);
        Calendar = new SweepStart(
            Stores,
            Queue,
            Aim,
            database.Database,
            _options,
            Time,
            NullLogger<SweepStart>.Instance
        );
        _clock = new ClusterClock(Stores, Intents, Guard, _options, Time, NullLogger<ClusterClock>.Instance);
        Pruner = new Pruner(
            Stores,
            Intents,
            intents,
            Clusters,
            Host,
            Guard,
            _options,
            Time,
            new LoggerFactory([Log]).CreateLogger<Pruner>()
        );
        Sweep = new PruneSweep(Pruner, Guard, Aim, Stores, _options, Time);
        HostSays(Time.GetUtcNow());
    }

    public FakeTimeProvider Time { get; } = new(Rows.Noon);

    public LogLines Log { get; } = new();

    public StoreFactory Stores { get; }

    public WorkQueue Queue { get; }

    public ClusterView Clusters { get; }

    public HostView Host { get; } = new();

    public HostClock HostClock { get; }

    /// <summary>The health of what is seen of the host.</summary>
    public WatchHealth Watch { get; }

    public ClusterRequests Requests { get; }

    public PruneGuard Guard { get; }

    public TimeIntents Intents { get; }

    public Pruner Pruner { get; }

    public PruneSweep Sweep { get; }

    public ClockAim Aim { get; }

    public SweepStart Calendar { get; }

    public IntentStore Store { get; }

    /// <summary>The host's clock, which goes on from there.</summary>
    public void HostSays(DateTimeOffset now) => HostClock.Hear(now);

    /// <summary>Moves both clocks, also back.</summary>
    public void GoTo(DateTimeOffset now)
    {
        if (now < Time.GetUtcNow())
        {
            Time.AdjustTime(now);
        }
        else
        {
            Time.SetUtcNow(now);
        }

        HostSays(now);
    }

    public async Task<IReadOnlyList<ClusterRow>> AddAsync(params IEnumerable<ClusterRow> rows)
    {
        List<ClusterRow> added = [.. rows];
        foreach (var some in added.Chunk(500))
        {
            await Stores.TransactAsync(
                async store =>
                {
                    foreach (var row in some)
                    {
                        await Queue.EnqueueClockAsync(
                            store,
                            row,
                            _options.VCluster.Expiry,
                            Time.GetUtcNow(),
                            CancellationToken.None
                        );
                    }

                    store.Clusters.AddRange(some);
                },
                CancellationToken.None
            );
        }

        added.ForEach(row => Clusters.Publish(new ClusterSnapshot(row, null)));
        return added;
    }

    /// <summary>Looks at all clusters that are due, until none is.</summary>
    public async Task RunDueAsync()
    {
        const int Some = 32;
        var claims = await Queue.ClaimAsync("test", Kinds, Some, CancellationToken.None);
        foreach (var claim in claims)
        {
            var context = new WorkContext(claim, Queue, () => WorkInterruption.None, CancellationToken.None);
            await Queue.CompleteAsync(claim, await _clock.HandleAsync(context));
        }

        if (claims.Count == Some || await NextDueAsync() <= Time.GetUtcNow())
        {
            await RunDueAsync();
        }
    }

    /// <summary>When the next cluster is to be looked at.</summary>
    public Task<DateTimeOffset?> NextDueAsync() => Queue.NextDueAsync(Kinds, CancellationToken.None);

    public Task<List<OperationRow>> OperationsAsync(OperationKind kind) =>
        Stores.ReadAsync(store => store.Operations.AsNoTracking().Where(o => o.Kind == kind).ToListAsync());

    public Task<ClusterRow> RowAsync(ClusterRow row) =>
        Stores.ReadAsync(store => store.Clusters.AsNoTracking().SingleAsync(c => c.Id == row.Id));

    public Task<List<ClusterRow>> RowsAsync() => Stores.ReadAsync(store => store.Clusters.AsNoTracking().ToListAsync());

    public Task<List<string>> EventsAsync(ClusterRow row) =>
        Stores.ReadAsync(store =>
            store
                .ClusterEvents.Where(e => e.ClusterId == row.Id)
                .OrderBy(e => e.At)
                .ThenBy(e => e.Id)
                .Select(e => e.Reason)
                .ToListAsync()
        );

    /// <summary>One that runs, made when the test began.</summary>
    public static ClusterRow Running(DateTimeOffset? ends)
    {
        var row = Rows.Cluster(createdAt: Rows.Noon);
        (row.Phase, row.LastUsedAt, row.Installed) = (ClusterPhase.Running, Rows.Noon, true);
        row.EndsAt(ends);
        return row;
    }

    public void Dispose()
    {
        _access.Dispose();
        Calendar.Dispose();
    }
}
