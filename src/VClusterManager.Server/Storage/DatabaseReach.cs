namespace VClusterManager.Server.Storage;

/// <summary>Whether the database answers, as the last calls have found it.</summary>
internal sealed class DatabaseReach
{
    // Of the first call that found it away since it last answered; 0: it answers.
    private long _awaySince;

    /// <summary>What is wrong, in words; <see langword="null"/>: nothing.</summary>
    public string? Problem =>
        Interlocked.Read(ref _awaySince) is not 0 and var since
            ? $"The database has not answered for {TimeProvider.System.GetElapsedTime(since).TotalSeconds:0} s."
            : null;

    public void Answered() => Interlocked.Exchange(ref _awaySince, 0);

    public void Away() => Interlocked.CompareExchange(ref _awaySince, TimeProvider.System.GetTimestamp(), 0);
}
