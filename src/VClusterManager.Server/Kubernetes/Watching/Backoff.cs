namespace VClusterManager.Server.Kubernetes.Watching;

/// <summary>
/// How long to wait before the next try: twice as long each time up to a bound, spread out so that many servers do not
/// knock together, and from the beginning again after a success.
/// </summary>
internal sealed class Backoff
{
    public static readonly TimeSpan First = TimeSpan.FromMilliseconds(500);
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    private int _failures;

    public TimeSpan Next()
    {
        var full = Math.Min(First.TotalMilliseconds * Math.Pow(2, Math.Min(_failures, 30)), Longest.TotalMilliseconds);
        _failures++;
#pragma warning disable CA5394 // Nobody gains by guessing it.
        return TimeSpan.FromMilliseconds(full * (0.5 + (Random.Shared.NextDouble() / 2)));
#pragma warning restore CA5394
    }

    public void Reset() => _failures = 0;
}
