using VClusterManager.Server.Kubernetes;

namespace VClusterManager.Server.Clusters.Lifecycle;

/// <summary>The last log line of a container that crashes again and again.</summary>
internal sealed class LastWords(HostReads reads)
{
    private const int MaxLength = 300;
    private const int MaxBytes = 4096;

    /// <summary>For all of it: a node that is in trouble begins to answer and does not go on.</summary>
    internal TimeSpan Limit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>As a sentence to be put behind a diagnosis; empty when nothing crashes or nothing can be read.</summary>
    public async Task<string> OfAsync(ObservedCluster seen, CancellationToken cancellation)
    {
        if (Diagnosis.Crashing(seen) is not var (pod, container))
        {
            return "";
        }
        using var limit = new CancellationTokenSource(Limit, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            return await ReadAsync(seen, pod, container, either.Token);
        }
        catch (Exception e)
            when (e is IOException or HttpRequestException
                || (e is OperationCanceledException && !cancellation.IsCancellationRequested)
            )
        {
            // The diagnosis counts for more than what it ends with.
            return "";
        }
    }

    private async Task<string> ReadAsync(
        ObservedCluster seen,
        string pod,
        string container,
        CancellationToken cancellation
    )
    {
        var name = new NamespacedName(seen.Key.Namespace, pod);
        foreach (var previous in new[] { true, false })
        {
            if (
                await reads.PodLogAsync(name, container, tailLines: 1, follow: false, previous, cancellation, MaxBytes)
                    is HostAnswer<Stream>.Found log
                && await LastLineAsync(log.Value, cancellation) is { Length: > 0 } line
            )
            {
                return $" Its last words: {line}";
            }
        }
        return "";
    }

    private static async Task<string> LastLineAsync(Stream log, CancellationToken cancellation)
    {
        await using var closing = log;
        using var reader = new StreamReader(log);
        var last = "";
        while (await reader.ReadLineAsync(cancellation) is { } line)
        {
            last = line.Trim() is { Length: > 0 } text ? text : last;
        }
        return last.Length <= MaxLength ? last : last[..MaxLength] + "…";
    }
}
