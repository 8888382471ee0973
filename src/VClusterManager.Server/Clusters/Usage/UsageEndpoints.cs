using VClusterManager.Contracts;
using VClusterManager.Server.Clusters.Time;
using VClusterManager.Server.Http;
using VClusterManager.Server.Http.Failures;
using VClusterManager.Server.Http.OpenApi;
using VClusterManager.Server.Http.Requests;
using VClusterManager.Server.Http.Responses;
using VClusterManager.Server.Identity;
using VClusterManager.Server.Storage;

namespace VClusterManager.Server.Clusters.Usage;

/// <summary>The route that says what clusters cost.</summary>
internal static class UsageEndpoints
{
    private static readonly TimeSpan Month = TimeSpan.FromDays(30);

    public static IEndpointRouteBuilder MapUsage(this IEndpointRouteBuilder routes)
    {
        routes
            .MapGroup("/api/usage")
            .RequireRole(Role.Viewer)
            .Tagged(PruneEndpoints.Tag, PruneEndpoints.TagWords)
            .MapGet("", ReadAsync)
            .WithName("getUsage")
            .Takes(
                new DescribedParameter("from", "query", "From when on; 30 days before `to` when not given.")
                {
                    Example = "2026-03-01T00:00:00Z",
                },
                new DescribedParameter("to", "query", "Until when; now when not given.")
                {
                    Example = "2026-04-01T00:00:00Z",
                },
                new DescribedParameter("group_by", "query", "owner (the default), source, namespace or cluster.")
                {
                    Example = "owner",
                }
            )
            .Answers(200, "The figures.", Example)
            .Refuses(ProblemKind.Invalid, "A time is none, they are the wrong way round, or `group_by` is unknown.");
        return routes;
    }

    private static UsageReport Example { get; } =
        new(
            ClusterExamples.Asked,
            ClusterExamples.Asked.AddDays(30),
            "owner",
            new UsageFigures(2, 96, 120, 24, 144),
            [
                new UsageGroup("ci", new UsageFigures(1, 80, 40, 24, 64)),
                new UsageGroup("anna", new UsageFigures(1, 16, 80, 0, 80)),
            ]
        );

    /// <summary>What clusters cost</summary>
    /// <remarks>
    /// Hours in which clusters ran and slept, and hours that were spared because they were taken away before the end they had
    /// been given. It counts clusters that the caller may see, also those that are gone, for 400 days back.
    /// </remarks>
    internal static async Task<IResult> ReadAsync(
        string? from,
        string? to,
        [Microsoft.AspNetCore.Mvc.FromQuery(Name = "group_by")] string? groupBy,
        HttpContext http,
        UsageReads usage,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        var by = UsageGrouping.Owner;
        if (!string.IsNullOrEmpty(groupBy) && !Choice.TryRead(groupBy, out by))
        {
            return ProblemResults.Invalid("group_by", "must be one of owner, source, namespace, cluster").ToResult();
        }

        var (bad, worse) = (TimeText.Read(from, "from", out var since), TimeText.Read(to, "to", out var until));
        if ((bad ?? worse) is { } problem)
        {
            return problem.ToResult();
        }

        var now = time.GetUtcNow();
        var end = until ?? now;
        var begin = since ?? (end - DateTimeOffset.MinValue > Month ? end - Month : DateTimeOffset.MinValue);
        if (begin >= end || end - begin > Retention.Usage)
        {
            return ProblemResults.Invalid("from", "must be before `to`, by at most 400 days").ToResult();
        }

        var report = await usage.ReadAsync(by, begin, end, now, http.GetPrincipal(), cancellation);
        return TypedResults.Json(report, ApiJson.Options);
    }
}
