namespace VClusterManager.Server.Kubernetes;

/// <summary>
/// What time the host says it is: a second opinion on ours, told with every answer of its API (RFC 9110, <c>Date</c>), to
/// the second.
/// </summary>
internal sealed class HostClock(TimeProvider time)
{
    /// <summary>What was heard longer ago says nothing any more.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(5);

    private Heard? _heard;

    /// <summary><see langword="null"/>: it has not said so lately.</summary>
    public DateTimeOffset? Now =>
        Volatile.Read(ref _heard) is { } heard && time.GetElapsedTime(heard.At) is var ago && ago < Memory
            ? heard.Date + ago
            : null;

    public void Hear(DateTimeOffset? date)
    {
        if (date is { } said)
        {
            Volatile.Write(ref _heard, new Heard(said, time.GetTimestamp()));
        }
    }

    private sealed record Heard(DateTimeOffset Date, long At);
}
