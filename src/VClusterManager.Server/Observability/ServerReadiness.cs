using VClusterManager.Server.Kubernetes;
using VClusterManager.Server.Storage;
using VClusterManager.Server.VCluster;
using VClusterManager.Server.Work;

namespace VClusterManager.Server.Observability;

/// <summary>What a room has to say of itself: what is wrong, in words; <see langword="null"/>: nothing.</summary>
internal delegate string? ReadinessProblem();

/// <summary>Whether this server should get requests, and what is wrong with it.</summary>
internal sealed class ServerReadiness(
    Database database,
    StoreFactory stores,
    HostView host,
    ToolState tools,
    Hearing hearing,
    WriteAccess access,
    DatabaseClock clock,
    IEnumerable<ReadinessProblem> others,
    IHostApplicationLifetime lifetime
)
{
    public (string Status, int Code, IReadOnlyList<string> Problems) Now()
    {
        var problems = Problems();
        if (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return ("draining", StatusCodes.Status503ServiceUnavailable, problems);
        }
        if (!database.IsReady || !host.Freshness.Synced || !access.Settled.IsCompleted)
        {
            return ("starting", StatusCodes.Status503ServiceUnavailable, problems);
        }
        return (problems.Count == 0 ? "ready" : "degraded", StatusCodes.Status200OK, problems);
    }

    private List<string> Problems()
    {
        string?[] all =
        [
            .. tools.Report.Problems,
            database.IsReady ? null : "The database is not prepared yet.",
            stores.Reach.Problem,
            // What somebody has configured is no problem.
            access.IsOff
                ? null
                : access.WhyNot,
            clock.Problem,
            hearing.Problem,
            .. others.Select(other => other()),
            HostProblem(host.Freshness),
        ];
        return [.. all.OfType<string>()];
    }

    private static string? HostProblem(HostFreshness freshness) =>
        !freshness.Synced ? $"The host has not been read yet: {freshness.Problem ?? "the first look is going on"}."
        : freshness.Stale ? $"The host has not been heard of for {freshness.Age.TotalSeconds:0} s: {freshness.Problem}."
        : null;
}
