namespace VClusterManager.Server.Storage;

/// <summary>
/// The time of the database that several servers share: what one of them says is due now must be due for the others, and
/// what expires must expire at once everywhere. Timers and measured spans go by this machine as ever.
/// </summary>
internal sealed class DatabaseClock(TimeProvider own) : TimeProvider
{
    /// <summary>From here on the operator should know.</summary>
    private static readonly TimeSpan Notable = TimeSpan.FromSeconds(5);

    private long _ahead;

    /// <summary>How far the database's clock is ahead of this machine's.</summary>
    public TimeSpan Ahead => TimeSpan.FromTicks(Interlocked.Read(ref _ahead));

    /// <summary>What is wrong with this machine's clock; <see langword="null"/>: nothing.</summary>
    public string? Problem =>
        Ahead.Duration() < Notable
            ? null
            : $"This machine's clock is {Ahead.Duration().TotalSeconds:0} s {(Ahead > TimeSpan.Zero ? "behind" : "ahead of")} the database's, which is the one that counts.";

    public override TimeZoneInfo LocalTimeZone => own.LocalTimeZone;

    public override long TimestampFrequency => own.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => own.GetUtcNow() + Ahead;

    public override long GetTimestamp() => own.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        own.CreateTimer(callback, state, dueTime, period);

    /// <param name="there">The database's time, asked for between two looks at the own clock.</param>
    public void Set(DateTimeOffset before, DateTimeOffset there, DateTimeOffset after) =>
        Interlocked.Exchange(ref _ahead, (there - before - ((after - before) / 2)).Ticks);

    /// <summary>This machine's own time.</summary>
    public DateTimeOffset Own => own.GetUtcNow();
}
