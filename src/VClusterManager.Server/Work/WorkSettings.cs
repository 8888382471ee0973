namespace VClusterManager.Server.Work;

/// <summary>The times and bounds of the work loop.</summary>
internal sealed record WorkSettings
{
    /// <summary>Items of the long lane worked on at once by this server.</summary>
    public int Concurrency { get; init; } = 32;

    /// <summary>Items of the brief lane worked on at once by this server.</summary>
    public int BriefConcurrency { get; init; } = 8;

    /// <summary>Items of the lane for bursts worked on at once by this server.</summary>
    public int BurstConcurrency { get; init; } = 2;

    public int PlacesOf(WorkLane lane) =>
        lane switch
        {
            WorkLane.Brief => BriefConcurrency,
            WorkLane.Bursts => BurstConcurrency,
            _ => Concurrency,
        };

    /// <summary>How long a claim holds without being renewed: a server that died is followed after this time.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>How often running claims are renewed, and interrupts from elsewhere are seen at the latest.</summary>
    public TimeSpan Renewal { get; init; } = TimeSpan.FromSeconds(1.5);

    /// <summary>
    /// A run whose claim could not be renewed is stopped this long before another server may take it: longer than a tool
    /// gets between being asked to stop and being killed, so that none of them outlives the claim.
    /// </summary>
    public TimeSpan Margin { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>How often to look for due work when nothing wakes the loop. With the lease: a dead server's work goes on within 10 s.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The same, where the database's notifications do not arrive.</summary>
    public TimeSpan DeafPoll { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long runs get to come to their end by themselves when the server stops.</summary>
    public TimeSpan Drain { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long runs get to stop after they were told to.</summary>
    public TimeSpan Stop { get; init; } = TimeSpan.FromSeconds(8);
}
