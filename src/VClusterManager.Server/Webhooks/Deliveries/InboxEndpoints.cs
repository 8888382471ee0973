using VClusterManager.Contracts;
using VClusterManager.Server.Audit;
using VClusterManager.Server.Http;
using VClusterManager.Server.Http.Failures;
using VClusterManager.Server.Http.Guards;
using VClusterManager.Server.Http.Responses;

namespace VClusterManager.Server.Webhooks.Deliveries;

/// <summary>The doors for deliveries. Open to everybody who knows the secret, and to nobody where there is none.</summary>
internal static class InboxEndpoints
{
    /// <summary>
    /// Those of pull requests have some 30 KiB, and seldom more than a few hundred. GitHub sends up to 25 MiB, of pushes with
    /// thousands of commits: nothing that makes a cluster.
    /// </summary>
    public const int MaxBody = 5 * 1024 * 1024;

    private const int MaxContentType = 100;

    private static readonly Problem s_full = new(
        ProblemKind.Unavailable,
        "More deliveries have come at the same time than are held at once."
    )
    {
        RetryAfter = TimeSpan.FromSeconds(2),
    };

    public static void MapInbox(this IEndpointRouteBuilder routes)
    {
        var doors = routes
            .MapGroup("/webhooks")
            .AllowAnonymous()
            .LimitsDeliveries(MaxBody)
            // Deliveries are a record by themselves: who sent them is not known by a name.
            .ChangesNothing()
            .DescribesInbox();
        doors.MapPost("/github", TakeGitHubAsync).DescribesDoor("deliverGithub", "X-Hub-Signature-256");
        doors.MapPost("/bitbucket", TakeBitbucketAsync).DescribesDoor("deliverBitbucket", "X-Hub-Signature");
        doors.MapPost("/gitlab", TakeGitLabAsync).DescribesDoor("deliverGitlab", "X-Gitlab-Token");
    }

    /// <summary>Take a delivery of GitHub</summary>
    /// <remarks>Stored, and answered before anything is done about it. As JSON or as a form.</remarks>
    internal static Task<IResult> TakeGitHubAsync(
        HttpContext http,
        WebhookProviders providers,
        Inbox inbox,
        InboxRoom room
    ) => TakeAsync("github", http, providers, inbox, room);

    /// <summary>Take a delivery of Bitbucket</summary>
    /// <remarks>
    /// Of Bitbucket Cloud and of Data Center. Stored, and answered before anything is done about it. The ping of Data Center's
    /// "Test connection" is not signed, does nothing, and is answered with 200.
    /// </remarks>
    internal static Task<IResult> TakeBitbucketAsync(
        HttpContext http,
        WebhookProviders providers,
        Inbox inbox,
        InboxRoom room
    ) => TakeAsync("bitbucket", http, providers, inbox, room);

    /// <summary>Take a delivery of GitLab</summary>
    /// <remarks>Stored, and answered before anything is done about it.</remarks>
    internal static Task<IResult> TakeGitLabAsync(
        HttpContext http,
        WebhookProviders providers,
        Inbox inbox,
        InboxRoom room
    ) => TakeAsync("gitlab", http, providers, inbox, room);

    private static async Task<IResult> TakeAsync(
        string door,
        HttpContext http,
        WebhookProviders providers,
        Inbox inbox,
        InboxRoom room
    )
    {
        HeaderSource headers = name => http.Request.Headers.TryGetValue(name, out var value) ? value.ToString() : null;
        var provider = providers.At(door, headers);
        if (Closed(provider) is { } closed)
        {
            WebhookMetrics.Answered(provider, "closed");
            return closed.ToResult();
        }

        if (provider.IsUnsignedPing(headers))
        {
            WebhookMetrics.Answered(provider, "ping");
            return TypedResults.Json(new WebhookPong("ok"), ApiJson.Options);
        }

        using var place = await room.EnterAsync(http.RequestAborted);
        if (place is null || await place.ReadAsync(http.Request.Body, http.RequestAborted) is not { } body)
        {
            WebhookMetrics.Answered(provider, "unavailable");
            return s_full.ToResult();
        }

        return await StoreAsync(provider, headers, http, inbox, body);
    }

    private static async Task<IResult> StoreAsync(
        IWebhookProvider provider,
        HeaderSource headers,
        HttpContext http,
        Inbox inbox,
        byte[] body
    )
    {
        if (!provider.Authenticate(headers, body))
        {
            WebhookMetrics.Answered(provider, "refused");
            http.Response.Headers.WWWAuthenticate = "Signature realm=\"vcluster-manager\"";
            return new Problem(
                ProblemKind.Unauthenticated,
                "The signature is missing, or it is not that of this body with the secret of this webhook."
            ).ToResult();
        }

        if (inbox.Refused() is { } refused)
        {
            WebhookMetrics.Answered(provider, "unavailable");
            return refused.ToResult();
        }

        var id = await inbox.StoreAsync(provider, provider.Stamp(headers, body), ContentTypeOf(http.Request), body);
        WebhookMetrics.Answered(provider, "stored");
        return TypedResults.Json(
            new WebhookAccepted(id.ToString()),
            ApiJson.Options,
            statusCode: StatusCodes.Status202Accepted
        );
    }

    private static Problem? Closed(IWebhookProvider provider) =>
        !provider.Options.Enabled
            ? new Problem(
                ProblemKind.NotFound,
                $"Webhooks of {provider.Door} are off (webhooks.{provider.Door}.enabled)."
            )
        : !provider.Options.IsOpen
            ? new Problem(
                ProblemKind.Unavailable,
                $"Webhooks of {provider.Door} have no secret (webhooks.{provider.Door}.secret): no delivery is let through."
            )
            {
                RetryAfter = TimeSpan.FromMinutes(5),
            }
        : null;

    private static string ContentTypeOf(HttpRequest request) =>
        request.ContentType is { Length: <= MaxContentType } type && type.All(char.IsAscii) ? type : "";
}
