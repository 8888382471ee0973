using VClusterManager.Server.Work;

namespace VClusterManager.Server.Webhooks.Feedback;

/// <summary>
/// How often providers are called: a few calls at once for all of them, and none at all for a while where one has failed or
/// wants to be left alone. In memory: each server finds out by itself.
/// </summary>
internal sealed class ProviderPauses(TimeProvider time)
{
    private const int AtOnce = 4;

    /// <summary>Nobody is let wait for longer, whatever is asked for.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Pause> _pauses = [];
    private int _free = AtOnce;

    /// <summary>How long this provider is left alone; <see langword="null"/>: it may be called.</summary>
    public TimeSpan? Left(string provider)
    {
        lock (_gate)
        {
            var left = _pauses.GetValueOrDefault(provider)?.Until - time.GetUtcNow();
            return left > TimeSpan.Zero ? left : null;
        }
    }

    /// <summary>To be given back; <see langword="null"/>: enough others have one.</summary>
    public IDisposable? TakeTurn()
    {
        lock (_gate)
        {
            if (_free == 0)
            {
                return null;
            }

            _free--;
            return new Turn(this);
        }
    }

    /// <summary>
    /// It was called, and has answered: the next failure is a first one. A pause that others have begun meanwhile stays.
    /// </summary>
    public void Succeeded(string provider)
    {
        lock (_gate)
        {
            if (_pauses.TryGetValue(provider, out var pause))
            {
                _pauses[provider] = pause with { Failures = 0 };
            }
        }
    }

    /// <summary>
    /// Leaves it alone: for as long as it asks for, or for longer with each failure; and never for less than others were told.
    /// </summary>
    /// <returns>When to try again.</returns>
    public TimeSpan Failed(string provider, TimeSpan? asked)
    {
        lock (_gate)
        {
            var failures = (_pauses.GetValueOrDefault(provider)?.Failures ?? 0) + 1;
            var pause = asked ?? Backoff.After(failures, Random.Shared.NextDouble());
            pause =
                pause > Longest ? Longest
                : pause < Shortest ? Shortest
                : pause;
            var (now, before) = (time.GetUtcNow(), _pauses.GetValueOrDefault(provider)?.Until);
            var until = before > now + pause ? before.Value : now + pause;
            _pauses[provider] = new Pause(failures, until);
            return until - now;
        }
    }

    private void GiveBack()
    {
        lock (_gate)
        {
            _free++;
        }
    }

    private sealed record Pause(int Failures, DateTimeOffset Until);

    private sealed class Turn(ProviderPauses pauses) : IDisposable
    {
        private ProviderPauses? _pauses = pauses;

        public void Dispose() => Interlocked.Exchange(ref _pauses, null)?.GiveBack();
    }
}
