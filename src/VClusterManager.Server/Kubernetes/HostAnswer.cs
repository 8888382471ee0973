namespace VClusterManager.Server.Kubernetes;

/// <summary>
/// The answer to a question put to the host. "Missing" is only said when the host itself said so; everything else that
/// is no answer is <see cref="Unreadable"/>, and unknown is never taken for gone.
/// </summary>
internal abstract record HostAnswer<T>
{
    private HostAnswer() { }

    public sealed record Found(T Value) : HostAnswer<T>;

    public sealed record Missing : HostAnswer<T>;

    /// <param name="Reason">Why, in words for people, without secrets.</param>
    /// <param name="Forbidden">The host answered, and refused: a right is missing.</param>
    public sealed record Unreadable(string Reason, bool Forbidden = false) : HostAnswer<T>
    {
        /// <summary>The host answered with something that cannot be understood, and will do so again.</summary>
        public bool Garbled { get; init; }
    }
}

/// <summary>The outcome of a change made on the host directly.</summary>
internal abstract record HostWrite
{
    private HostWrite() { }

    public sealed record Done : HostWrite;

    public sealed record Missing : HostWrite;

    /// <summary>The object is another one, or has another version, than the one that was meant.</summary>
    public sealed record Conflict(string Reason) : HostWrite;

    /// <summary>The host refused: a right, a quota, an admission rule, a terminating namespace.</summary>
    public sealed record Refused(string Reason) : HostWrite;

    public sealed record Unreachable(string Reason) : HostWrite;
}

/// <summary>How far the cache can be trusted.</summary>
/// <param name="Synced">Every watch has listed at least once.</param>
/// <param name="Stale">At least one watch has shown no sign of life for longer than it should.</param>
/// <param name="Age">Since when nothing was heard from the silent watch; zero when all is well.</param>
/// <param name="Problem">Why, in words for people; <see langword="null"/> when all is well.</param>
internal sealed record HostFreshness(bool Synced, bool Stale, TimeSpan Age, string? Problem);
