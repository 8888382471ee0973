using VClusterManager.Server.Storage;

namespace VClusterManager.Server.Clusters;

/// <summary>What became of a request that was not refused.</summary>
/// <param name="Cluster">The cluster as it was committed.</param>
/// <param name="Operation">The operation that will do it; null: there is nothing to be done on the host.</param>
internal sealed record Accepted(ClusterSnapshot Cluster, OperationRow? Operation)
{
    /// <summary>Those that it has ended before they began.</summary>
    public IReadOnlyList<OperationRow> Ended { get; init; } = [];
}

/// <summary>The answer that was given before to a request with the same idempotency key.</summary>
internal sealed record RecordedAnswer(int StatusCode, string? Location, string Body);

/// <summary>A create that was accepted, or the answer that was given to the very same request before.</summary>
/// <param name="Accepted">Null: nothing was done now.</param>
/// <param name="Recorded">What is remembered for its idempotency key; null: it has none.</param>
internal sealed record CreateAnswer(Accepted? Accepted, RecordedAnswer? Recorded);

/// <summary>A request that says which request it is, so that sending it twice does one thing.</summary>
/// <param name="Principal">Keys of different callers have nothing to do with each other.</param>
/// <param name="RequestHash">SHA-256 of method, path and body.</param>
/// <param name="Answer">Renders the answer as it is given on acceptance.</param>
internal sealed record IdempotentRequest(
    string Principal,
    string Key,
    string RequestHash,
    Func<Accepted, RecordedAnswer> Answer
);

/// <summary>Which cluster a caller means; the namespace may be left out where the name is unique.</summary>
internal readonly record struct ClusterReference(string Name, string? Namespace)
{
    /// <summary>A name with NUL in it names nothing, and not every database can even be asked for it.</summary>
    public bool CanExist => IsAskable(Name) && IsAskable(Namespace);

    public static bool IsAskable(string? name) => name?.Contains('\0') != true;
}
