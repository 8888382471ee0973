using VClusterManager.Contracts;
using VClusterManager.Server.Http.Failures;
using VClusterManager.Server.Http.Requests;
using VClusterManager.Server.Http.Responses;
using VClusterManager.Server.Identity;
using WebhookVerdict = VClusterManager.Server.Storage.WebhookVerdict;

namespace VClusterManager.Server.Webhooks.Deliveries;

/// <summary>The routes that say what came, and what became of it.</summary>
internal static class DeliveryEndpoints
{
    public static void MapDeliveries(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/webhooks/deliveries").DescribesDeliveries();
        group.MapGet("", ListAsync).RequireRole(Role.Viewer).DescribesList();
        group.MapGet("/{id:guid}", GetAsync).RequireRole(Role.Viewer).DescribesGet();
        group.MapPost("/{id:guid}/replay", ReplayAsync).RequireRole(Role.Editor).DescribesReplay();
    }

    /// <summary>List deliveries</summary>
    /// <remarks>
    /// What GitHub, Bitbucket and GitLab have sent, what became of it and why; the newest first. Filters are joined by "and".
    /// Who sees only some of the clusters sees none of the deliveries, which tell of all.
    /// </remarks>
    internal static async Task<IResult> ListAsync(
        PageRequest page,
        HttpContext http,
        DeliveryReads deliveries,
        string? provider,
        string? @event,
        string? pull_request,
        string? verdict
    )
    {
        WebhookVerdict? wanted = null;
        if (!string.IsNullOrEmpty(verdict))
        {
            if (!Choice.TryRead<WebhookVerdict>(verdict, out var parsed))
            {
                return ProblemResults
                    .Invalid("verdict", $"must be one of {string.Join(", ", WebhookDescription.Verdicts)}")
                    .ToResult();
            }

            wanted = parsed;
        }

        if (!http.GetPrincipal().SeesAll)
        {
            return new TaggedJson<WebhookDeliveryList>(DeliveryReads.Nothing);
        }

        var filter = new DeliveryFilter(Given(provider), Given(@event), Given(pull_request), wanted);
        var listed = await deliveries.ListAsync(filter, page, http.RequestAborted);
        return listed.ToResult(list => new TaggedJson<WebhookDeliveryList>(list));
    }

    /// <summary>Get a delivery</summary>
    /// <remarks>One delivery; for admins with its body, where it is about a pull request.</remarks>
    internal static async Task<IResult> GetAsync(Guid id, HttpContext http, DeliveryReads deliveries)
    {
        var who = http.GetPrincipal();
        if (!who.SeesAll)
        {
            return DeliveryProblems.Missing(id).ToResult();
        }

        var found = await deliveries.GetAsync(id, who.IsAdmin, http.RequestAborted);
        return found.ToResult(delivery => TypedResults.Json(delivery, ApiJson.Options));
    }

    /// <summary>Do a delivery again</summary>
    /// <remarks>
    /// As if it had come just now: after a rule or a token was put right. What it tells is as old as it was: if the pull
    /// request has changed since, it changes nothing, but its cluster is seen to.
    /// </remarks>
    internal static async Task<IResult> ReplayAsync(Guid id, HttpContext http, Inbox inbox)
    {
        if (!http.GetPrincipal().SeesAll)
        {
            return DeliveryProblems.Missing(id).ToResult();
        }

        var outcome = await inbox.ReplayAsync(id, http.RequestAborted);
        return outcome.ToResult(row =>
            TypedResults.Json(DeliveryReads.Of(row), ApiJson.Options, statusCode: StatusCodes.Status202Accepted)
        );
    }

    private static string? Given(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
