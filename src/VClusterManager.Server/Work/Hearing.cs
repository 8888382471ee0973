namespace VClusterManager.Server.Work;

/// <summary>Whether this server hears what others do through the database's notifications.</summary>
internal sealed class Hearing
{
    private volatile string? _problem;

    /// <summary>Why it does not; <see langword="null"/>: it does, or there is nobody to hear.</summary>
    public string? Problem
    {
        get => _problem;
        set => _problem = value;
    }
}
