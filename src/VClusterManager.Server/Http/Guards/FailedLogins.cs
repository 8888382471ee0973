namespace VClusterManager.Server.Http.Guards;

/// <summary>
/// Remembers failed logins by source and user together: guessing gets slower and slower, and the user's logins from
/// elsewhere do not suffer. In memory, and bounded: of more than it holds, those whose last failure is longest ago are
/// forgotten first. Each server counts for itself.
/// </summary>
internal sealed class FailedLogins(TimeProvider time)
{
    /// <summary>Failures without a delay: people mistype.</summary>
    public const int Free = 4;

    /// <summary>Pairs of source and user that are remembered.</summary>
    public const int Capacity = 10_000;

    /// <summary>The longest delay: 10 failures are 16 s, 16 are this.</summary>
    public static readonly TimeSpan MaxDelay = TimeSpan.FromMinutes(15);

    /// <summary>After so long without a failure it begins anew.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromHours(1);

    private const int MaxUser = 256;

    private readonly Lock _lock = new();
    private readonly Dictionary<Key, Failures> _failures = [];

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _failures.Count;
            }
        }
    }

    /// <summary>How long this source must wait until it may try this user again; <see langword="null"/>: not at all.</summary>
    public TimeSpan? DelayFor(string source, string user)
    {
        lock (_lock)
        {
            if (!_failures.TryGetValue(KeyOf(source, user), out var failures))
            {
                return null;
            }
            var rest = failures.Last + DelayAfter(failures.Number) - time.GetUtcNow();
            return rest > TimeSpan.Zero ? rest : null;
        }
    }

    /// <summary>What to answer while it must wait; <see langword="null"/>: it need not.</summary>
    public Problem? RefusalFor(string source, string user) =>
        DelayFor(source, user) is { } delay
            ? new Problem(ProblemKind.TooManyRequests, "Too many logins of this user have failed from your address.")
            {
                RetryAfter = delay,
            }
            : null;

    public void Failed(string source, string user)
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            var key = KeyOf(source, user);
            var number = _failures.TryGetValue(key, out var before) && now - before.Last < Memory ? before.Number : 0;
            if (before is null && _failures.Count >= Capacity)
            {
                MakeRoom(now);
            }
            _failures[key] = new Failures(number + 1, now);
        }
    }

    public void Succeeded(string source, string user)
    {
        lock (_lock)
        {
            _failures.Remove(KeyOf(source, user));
        }
    }

    /// <summary>Half a second after the first that is not free, and twice as long after each further one.</summary>
    private static TimeSpan DelayAfter(int failures)
    {
        // Beyond this it is the longest anyway, and nothing overflows.
        var doublings = Math.Min(failures - Free - 1, 20);
        return doublings < 0
            ? TimeSpan.Zero
            : TimeSpan.FromSeconds(Math.Min(MaxDelay.TotalSeconds, 0.5 * Math.Pow(2, doublings)));
    }

    /// <summary>What is too old goes, or else the oldest tenth: seldom, so that a flood does not sort each time.</summary>
    private void MakeRoom(DateTimeOffset now)
    {
        var oldest = _failures.OrderBy(entry => entry.Value.Last).ToList();
        var old = oldest.TakeWhile(entry => now - entry.Value.Last >= Memory).Count();
        foreach (var (key, _) in oldest.Take(Math.Max(old, Capacity / 10)))
        {
            _failures.Remove(key);
        }
    }

    /// <summary>Names that differ in case alone are one; and nobody fills the memory with long ones.</summary>
    private static Key KeyOf(string source, string user) =>
        new(source, (user.Length <= MaxUser ? user : user[..MaxUser]).ToLowerInvariant());

    private readonly record struct Key(string Source, string User);

    private sealed record Failures(int Number, DateTimeOffset Last);
}
