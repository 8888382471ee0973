using VClusterManager.Server.Configuration;
using VClusterManager.Server.Http;

namespace VClusterManager.Server.Work;

/// <summary>
/// Whether this server may change anything: the host, or the intents in its database. Everybody who changes something
/// asks here, and the work that is going on ends when it is over.
/// <code>
///   off       server.read_only says so, for good
///   closed    from the start, and whenever another database looks after the host
///   open      for so long and no longer, unless it is said again
///   doubtful  it was open, and nobody knows: requests are still stored, and nothing is done about them
/// </code>
/// </summary>
internal sealed class WriteAccess : IDisposable
{
    private static readonly TimeSpan ShortWhile = TimeSpan.FromSeconds(5);

    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _settled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ITimer _timer;
    private State _state;

    public WriteAccess(ManagerOptions options, TimeProvider time)
    {
        _time = time;
        _timer = time.CreateTimer(_ => RunOut(), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        IsOff = options.Server.ReadOnly;
        _state = new State(
            IsOff
                ? "This server is read-only (server.read_only): it answers reads and changes nothing."
                : "It is not known yet whether another server looks after this host: try again in a moment.",
            null,
            IsAnothers: false,
            Stores: false
        );
        if (IsOff)
        {
            _settled.TrySetResult();
        }
    }

    /// <summary>Closed by configuration, for as long as this server runs.</summary>
    public bool IsOff { get; }

    public bool IsOpen => WhyNot is null;

    /// <summary>Another database looks after the host: what is here says nothing about it.</summary>
    public bool IsAnothers => Volatile.Read(ref _state).IsAnothers;

    /// <summary>Why nothing may be done, in words for people; <see langword="null"/>: it may.</summary>
    public string? WhyNot
    {
        get
        {
            var state = Volatile.Read(ref _state);
            // A process that was stopped for a while comes back before its timers do.
            return state.WhyNot ?? (Left(state) > TimeSpan.Zero ? null : state.WhenOver);
        }
    }

    /// <summary>Ends when it is known for the first time whether this server may change anything.</summary>
    public Task Settled => _settled.Task;

    /// <summary>It was opened or closed. Must not block.</summary>
    public event Action? Changed;

    /// <summary>The answer to a request that is stored, and worked on when it may be; <see langword="null"/>: go on.</summary>
    public Problem? Refused()
    {
        var state = Volatile.Read(ref _state);
        return state.WhyNot is { } why && !state.Stores ? Problem(why) : null;
    }

    /// <summary>The answer to a request that is done on the host while it waits; <see langword="null"/>: go on.</summary>
    public Problem? RefusedNow() => WhyNot is { } why ? Problem(why) : null;

    /// <summary>Opens, or keeps open, for so long from now.</summary>
    /// <param name="whenOver">What is to be said when it was not said again until then.</param>
    public void Open(TimeSpan lasts, string whenOver)
    {
        var until = lasts == Timeout.InfiniteTimeSpan ? (long?)null : _time.GetTimestamp() + Ticks(lasts);
        _timer.Change(lasts, Timeout.InfiniteTimeSpan);
        Set(_ => new State(null, until, IsAnothers: false, Stores: true) { WhenOver = whenOver });
        _settled.TrySetResult();
    }

    /// <summary>Closes: nothing may be changed.</summary>
    public void Close(string why, bool isAnothers = false)
    {
        Set(_ => new State(why, null, isAnothers, Stores: false));
        _settled.TrySetResult();
    }

    /// <summary>Nobody knows. Nothing may be done; what was stored until now is stored on.</summary>
    /// <param name="settled">This is an answer of the host, and not only a failure to get one.</param>
    public void Doubt(string why, bool settled)
    {
        Set(before => Doubtful(before, why));
        if (settled)
        {
            _settled.TrySetResult();
        }
    }

    public void Dispose() => _timer.Dispose();

    private void RunOut()
    {
        var state = Volatile.Read(ref _state);
        if (state.WhyNot is not null)
        {
            return;
        }
        var left = Left(state);
        if (left <= TimeSpan.Zero)
        {
            // It may have been opened anew since it was read.
            Set(now => ReferenceEquals(now, state) ? Doubtful(now, state.WhenOver) : now);
            _settled.TrySetResult();
        }
        else if (state.Until is not null)
        {
            // Timers count in milliseconds, the clock in less.
            _timer.Change(left + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
        }
    }

    private static State Doubtful(State before, string why) => new(why, null, before.IsAnothers, before.Stores);

    private void Set(Func<State, State> next)
    {
        bool changed;
        lock (_gate)
        {
            if (IsOff)
            {
                return;
            }
            var state = next(_state);
            changed = (_state.WhyNot is null) != (state.WhyNot is null);
            Volatile.Write(ref _state, state);
        }
        if (changed)
        {
            Changed?.Invoke();
        }
    }

    private static Problem Problem(string why) => new(ProblemKind.Unavailable, why) { RetryAfter = ShortWhile };

    private TimeSpan Left(State state) =>
        state.Until is { } until ? _time.GetElapsedTime(_time.GetTimestamp(), until) : TimeSpan.MaxValue;

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * _time.TimestampFrequency);

    /// <param name="Until">A timestamp of the clock; <see langword="null"/>: without end.</param>
    /// <param name="Stores">Requests are stored.</param>
    private sealed record State(string? WhyNot, long? Until, bool IsAnothers, bool Stores)
    {
        public string WhenOver { get; init; } = "";
    }
}
