using System.Collections.Concurrent;
using VClusterManager.Server.Http;

namespace VClusterManager.Server.DynamicEndpoints.Running;

/// <summary>What a command has said, as it is sent.</summary>
internal sealed record CommandAnswer(byte[] Body, string ContentType)
{
    /// <summary>When the command had ended, as a timestamp of the clock.</summary>
    public required long Made { get; init; }
}

/// <summary>
/// The answers of one endpoint, for a while. The story: who comes first runs the command, and who comes meanwhile with the
/// same arguments waits for the same run. It is ended when the last of them has gone. A good answer is kept until its time
/// is over; a failure is told to those who waited, and not kept. What a caller may do is checked before, for each one.
/// </summary>
internal sealed class AnswerCache(TimeSpan keep, TimeProvider time)
{
    /// <summary>Of more, the oldest are forgotten first.</summary>
    internal const int MostAnswers = 200;

    internal const long MostBytes = 16 * 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<string, CommandAnswer> _kept = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Flight> _flights = new(StringComparer.Ordinal);
    private long _bytes;

    /// <summary>A kept answer whose time is not over.</summary>
    public CommandAnswer? Find(string key) => _kept.TryGetValue(key, out var answer) && IsFresh(answer) ? answer : null;

    public async Task<Outcome<CommandAnswer>> GetAsync(
        string key,
        Func<CancellationToken, Task<Outcome<CommandAnswer>>> run,
        CancellationToken cancellation
    )
    {
        Flight? flight;
        lock (_gate)
        {
            if (Find(key) is { } kept)
            {
                return kept;
            }

            if (!_flights.TryGetValue(key, out flight))
            {
                flight = _flights[key] = new Flight();
                flight.Task = RunAsync(key, flight, run);
            }

            flight.Waiting++;
        }

        try
        {
            return await flight.Task.WaitAsync(cancellation);
        }
        finally
        {
            Leave(key, flight);
        }
    }

    private async Task<Outcome<CommandAnswer>> RunAsync(
        string key,
        Flight flight,
        Func<CancellationToken, Task<Outcome<CommandAnswer>>> run
    )
    {
        // Out of the lock that it is started in.
        await Task.Yield();
        try
        {
            var outcome = await run(flight.Ending.Token);
            if (outcome.Problem is null)
            {
                Keep(key, outcome.Value);
            }

            return outcome;
        }
        finally
        {
            Remove(key, flight);
        }
    }

    private void Leave(string key, Flight flight)
    {
        lock (_gate)
        {
            if (--flight.Waiting > 0)
            {
                return;
            }
        }

        Remove(key, flight);
        // What has ended already does not notice.
        flight.Ending.Cancel();
    }

    private void Remove(string key, Flight flight)
    {
        lock (_gate)
        {
            if (_flights.TryGetValue(key, out var current) && current == flight)
            {
                _flights.Remove(key);
            }
        }
    }

    private void Keep(string key, CommandAnswer answer)
    {
        lock (_gate)
        {
            Forget(key);
            _kept[key] = answer;
            _bytes += answer.Body.Length;
            if (_kept.Count <= MostAnswers && _bytes <= MostBytes)
            {
                return;
            }

            foreach (var (old, _) in _kept.OrderBy(e => e.Value.Made).ToList())
            {
                if (_kept.Count <= MostAnswers * 9 / 10 && _bytes <= MostBytes)
                {
                    return;
                }

                Forget(old);
            }
        }
    }

    private void Forget(string key)
    {
        if (_kept.TryRemove(key, out var gone))
        {
            _bytes -= gone.Body.Length;
        }
    }

    private bool IsFresh(CommandAnswer answer) => time.GetElapsedTime(answer.Made) < keep;

    private sealed class Flight
    {
        public Task<Outcome<CommandAnswer>> Task { get; set; } = null!;

        /// <summary>Cancelled when nobody waits any more. Not disposed: it has no timer.</summary>
        public CancellationTokenSource Ending { get; } = new();

        public int Waiting { get; set; }
    }
}
