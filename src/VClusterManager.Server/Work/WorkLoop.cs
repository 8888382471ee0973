using System.Collections.Frozen;
using VClusterManager.Server.Storage;

namespace VClusterManager.Server.Work;

/// <summary>Claims what is due and hands it to the handlers.</summary>
/// <remarks>
/// The story: take the wake signal, claim as much of what is due as there is room for, start it, and then sleep until
/// the next thing is due, a signal comes (something was enqueued here or elsewhere, or a run has ended), or it is time
/// for a poll, which is what finds the claims of servers that died. While nothing may be changed (<see cref="WriteAccess"/>)
/// nothing is claimed, and what runs when that begins is ended like a run whose claim was lost. On stop: claim nothing
/// more, let the runs come to their end, tell those that take too long to stop, and give back what they held.
/// </remarks>
internal sealed partial class WorkLoop : BackgroundService
{
    // Between two looks at items that are due but locked by somebody's transaction.
    private static readonly TimeSpan LockedPause = TimeSpan.FromMilliseconds(50);

    private readonly WorkQueue _queue;
    private readonly Database _database;
    private readonly Hearing _hearing;
    private readonly WriteAccess _access;
    private readonly WorkSettings _settings;
    private readonly TimeProvider _time;
    private readonly ILogger<WorkLoop> _logger;
    private readonly FrozenDictionary<string, IWorkHandler> _handlers;
    private readonly LanePlaces[] _lanes;
    private readonly RunningWork _running;
    private readonly string _owner =
        $"{Environment.MachineName}/{Environment.ProcessId}/{Guid.NewGuid().ToString("N")[..8]}";

    public WorkLoop(
        WorkQueue queue,
        IEnumerable<IWorkHandler> handlers,
        Database database,
        Hearing hearing,
        WriteAccess access,
        WorkSettings settings,
        TimeProvider time,
        ILogger<WorkLoop> logger
    )
    {
        _queue = queue;
        _database = database;
        _hearing = hearing;
        _access = access;
        _settings = settings;
        _time = time;
        _logger = logger;
        _handlers = handlers.ToFrozenDictionary(handler => handler.Kind, StringComparer.Ordinal);
        _lanes =
        [
            .. _handlers
                .Values.GroupBy(handler => handler.Lane, handler => handler.Kind)
                .Select(kinds => new LanePlaces([.. kinds], settings.PlacesOf(kinds.Key))),
        ];
        _running = new RunningWork(queue, _handlers, access, settings, time, logger);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_handlers.Count == 0 || _settings.Concurrency == 0 || _access.IsOff)
        {
            return;
        }

        await _database.Ready.WaitAsync(stoppingToken);
        using var over = new CancellationTokenSource();
        _access.Changed += OnAccessChanged;
        var keeping = _running.KeepAsync(over.Token);
        await ClaimUntilStoppedAsync(stoppingToken);
        await _running.DrainAsync();
        _access.Changed -= OnAccessChanged;
        await over.CancelAsync();
        await keeping;
    }

    private async Task ClaimUntilStoppedAsync(CancellationToken stopping)
    {
        var failures = 0;
        while (!stopping.IsCancellationRequested)
        {
            var woken = _queue.Woken.Next;
            try
            {
                var pause = await ClaimDueAsync(stopping);
                failures = 0;
                await WakeSignal.WaitAsync(woken, pause, _time, stopping);
            }
            catch (Exception e)
            {
                if (stopping.IsCancellationRequested)
                {
                    return;
                }

                failures++;
                Log.NotClaimed(_logger, e, failures);
                await PauseAsync(failures, stopping);
            }
        }
    }

    private void OnAccessChanged()
    {
        if (!_access.IsOpen)
        {
            _running.LoseAll();
        }

        _queue.Woken.Set();
    }

    private TimeSpan Poll => _hearing.Problem is null ? _settings.Poll : _settings.DeafPoll;

    // Signals do not shorten this pause: a database that is away is not asked more often for being busy.
    private async Task PauseAsync(int failures, CancellationToken stopping)
    {
        var pause = Backoff.After(failures, Random.Shared.NextDouble());
        await Task.Delay(pause < Poll ? pause : Poll, _time, stopping)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    // Returns how long nothing will be due.
    private async Task<TimeSpan> ClaimDueAsync(CancellationToken stopping)
    {
        if (!_access.IsOpen)
        {
            return Poll;
        }

        var claimed = 0;
        foreach (var lane in _lanes)
        {
            claimed += await ClaimDueAsync(lane, stopping);
        }

        string[] waitedFor = [.. _lanes.Where(lane => RoomIn(lane) > 0).SelectMany(lane => lane.Kinds)];
        if (waitedFor.Length == 0)
        {
            return Poll;
        }

        var next = await _queue.NextDueAsync(waitedFor, stopping) - _time.GetUtcNow();
        return next switch
        {
            null => Poll,
            { Ticks: <= 0 } => claimed > 0 ? TimeSpan.Zero : LockedPause,
            { } pause => pause < Poll ? pause : Poll,
        };
    }

    private async Task<int> ClaimDueAsync(LanePlaces lane, CancellationToken stopping)
    {
        if (RoomIn(lane) is not (> 0 and var room))
        {
            return 0;
        }

        var asked = _time.GetTimestamp();
        var claims = await _queue.ClaimAsync(_owner, lane.Kinds, room, stopping);
        foreach (var claim in claims)
        {
            _running.Start(claim, asked);
        }

        return claims.Count;
    }

    private int RoomIn(LanePlaces lane) => lane.Places - _running.CountOf(lane.Kinds);

    private sealed record LanePlaces(string[] Kinds, int Places);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Could not look for due work ({Failures} times in a row)")]
        public static partial void NotClaimed(ILogger logger, Exception cause, int failures);
    }
}
