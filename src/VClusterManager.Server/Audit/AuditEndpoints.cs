using VClusterManager.Contracts;
using VClusterManager.Server.Http.Failures;
using VClusterManager.Server.Http.Requests;
using VClusterManager.Server.Http.Responses;
using VClusterManager.Server.Identity;
using AuditResult = VClusterManager.Server.Storage.AuditResult;

namespace VClusterManager.Server.Audit;

/// <summary>The route that says who did what.</summary>
internal static class AuditEndpoints
{
    public static IEndpointRouteBuilder MapAudit(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/audit", ListAsync).RequireRole(Role.Admin).DescribesAudit();
        return routes;
    }

    /// <summary>Read the audit</summary>
    /// <remarks>
    /// Who asked for what, when, from where, and what was answered; the newest first. Every request that changes something
    /// has an entry, also when it was refused. Refusals of nobody in particular, of reads, and for too many requests are
    /// counted: one entry for each caller and minute, with their number in <c>count</c>. Filters are joined by "and".
    /// </remarks>
    internal static async Task<IResult> ListAsync(
        PageRequest page,
        string? principal,
        string? action,
        string? @namespace,
        string? cluster,
        string? result,
        string? since,
        string? until,
        AuditReads audit,
        CancellationToken cancellation
    )
    {
        AuditResult? wanted = null;
        if (!string.IsNullOrEmpty(result))
        {
            if (!Choice.TryRead<AuditResult>(result, out var parsed))
            {
                return ProblemResults
                    .Invalid("result", $"must be one of {string.Join(", ", AuditDescription.Results)}")
                    .ToResult();
            }
            wanted = parsed;
        }
        var (bad, worse) = (TimeText.Read(since, "since", out var from), TimeText.Read(until, "until", out var to));
        if ((bad ?? worse) is { } problem)
        {
            return problem.ToResult();
        }
        var filter = new AuditFilter(
            Given(principal),
            Given(action),
            Given(@namespace),
            Given(cluster),
            wanted,
            from,
            to
        );
        var listed = await audit.ListAsync(filter, page, cancellation);
        return listed.ToResult(list => new TaggedJson<AuditList>(list));
    }

    private static string? Given(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
