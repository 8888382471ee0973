using System.Collections.Concurrent;

namespace VClusterManager.Sandbox.Faults;

/// <summary>The latest requests to all clusters, oldest first, so that effects can be counted.</summary>
internal sealed class RequestLog
{
    private const int Capacity = 100_000;

    private readonly ConcurrentQueue<RequestRecord> _records = new();

    public IReadOnlyList<RequestRecord> All => [.. _records];

    public void Add(RequestRecord record)
    {
        _records.Enqueue(record);
        while (_records.Count > Capacity)
        {
            _records.TryDequeue(out _);
        }
    }

    public void Clear() => _records.Clear();
}

/// <summary>One request, noted when its answer began: so an open watch is in the log too.</summary>
internal sealed record RequestRecord(
    DateTimeOffset Time,
    string Cluster,
    string Method,
    string Path,
    string Query,
    string UserAgent,
    string User,
    int Status
);
