using VClusterManager.Contracts;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Http;
using VClusterManager.Server.Http.Failures;
using VClusterManager.Server.Http.OpenApi;
using VClusterManager.Server.Http.Responses;
using VClusterManager.Server.Identity;
using VClusterManager.Server.Work;

namespace VClusterManager.Server.Clusters.Time;

/// <summary>The route that runs the pruner.</summary>
internal static class PruneEndpoints
{
    internal const string Tag = "time";
    internal const string TagWords = "What ends, sleeps and costs.";

    public static IEndpointRouteBuilder MapPrune(this IEndpointRouteBuilder routes)
    {
        routes
            .MapGroup("/api/prune")
            .RequireRole(Role.Admin)
            .Tagged(Tag, TagWords)
            .MapPost("", PruneAsync)
            .WithName("prune")
            .TakesBody(new PruneRequest { DryRun = true })
            .Answers(200, "What was found, and what became of it.", Example)
            .Refuses(ProblemKind.Invalid, "`budget` is out of bounds.")
            .Refuses(ProblemKind.Unavailable, "The server may change nothing now.");
        return routes;
    }

    private static PruneReport Example { get; } =
        new(
            DryRun: true,
            Pruned: 1,
            Left: 0,
            Stopped: null,
            [
                new PrunedCluster(
                    ClusterExamples.Id,
                    "demo",
                    "vcluster-demo",
                    ClusterExamples.Asked.AddHours(24),
                    PruneVerdict.Prune,
                    "Its time to live ended at 2026-03-03 09:15:00Z."
                ),
            ]
        );

    /// <summary>Take away what is overdue</summary>
    /// <remarks>
    /// Clusters end by themselves, within seconds of their time; this is the sweep that finds those whose end was missed, run
    /// now. It takes away at most `budget` of them, the longest overdue first, and says why it stopped. With `dry_run` it only
    /// says what it would do, and why.
    /// </remarks>
    internal static async Task<IResult> PruneAsync(
        PruneRequest? body,
        Pruner pruner,
        WriteAccess access,
        ManagerOptions options,
        HttpContext http
    )
    {
        var asked = body ?? new PruneRequest();
        var errors = new FieldErrors();
        errors.AddIf(asked.Budget is < 1 or > 100_000 ? "must be 1 to 100000" : null, "budget");
        if ((errors.ToProblem() ?? (asked.DryRun ? null : access.RefusedNow())) is { } problem)
        {
            return problem.ToResult();
        }

        var budget = asked.Budget ?? options.VCluster.Expiry.Budget;
        var report = await pruner.RunAsync(budget, asked.DryRun, http.RequestAborted);
        return TypedResults.Json(report, ApiJson.Options);
    }
}
