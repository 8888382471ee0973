namespace VClusterManager.Server.Observability;

/// <summary>Figures that only the database or the host knows: asked for at most once in an interval, however often somebody looks.</summary>
/// <param name="name">As metrics name it: <c>usage</c>.</param>
/// <param name="look">Asks anew. What it finds, the room keeps; where it finds nothing, it says why, and the last known stays.</param>
internal sealed class SampledFigures(string name, TimeSpan interval, Func<CancellationToken, Task<string?>> look)
{
    private readonly Lock _gate = new();
    private Task _going = Task.CompletedTask;
    private long? _tried;
    private long? _known;

    public string Name { get; } = name;

    /// <summary>How old the figures are; <see langword="null"/>: they have never been known.</summary>
    public TimeSpan? AgeBy(TimeProvider time)
    {
        lock (_gate)
        {
            return _known is { } since ? time.GetElapsedTime(since) : null;
        }
    }

    /// <summary>Asks anew where the interval is over and nobody is asking already. Ends when the answer is there.</summary>
    /// <param name="failed">Told why there is none.</param>
    public Task RefreshAsync(TimeProvider time, Action<string> failed, CancellationToken stopping)
    {
        lock (_gate)
        {
            if (_going.IsCompleted && !(_tried is { } last && time.GetElapsedTime(last) < interval))
            {
                _tried = time.GetTimestamp();
                _going = Task.Run(() => LookAsync(time, failed, stopping), CancellationToken.None);
            }

            return _going;
        }
    }

    private async Task LookAsync(TimeProvider time, Action<string> failed, CancellationToken stopping)
    {
        try
        {
            if (await look(stopping) is { } why)
            {
                failed(why);
                return;
            }

            lock (_gate)
            {
                _known = time.GetTimestamp();
            }
        }
        catch (Exception e)
        {
            failed(e.Message);
        }
    }
}
