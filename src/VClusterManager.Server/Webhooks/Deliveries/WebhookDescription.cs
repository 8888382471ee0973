using VClusterManager.Contracts;
using VClusterManager.Server.Http;
using VClusterManager.Server.Http.OpenApi;

namespace VClusterManager.Server.Webhooks.Deliveries;

/// <summary>What the description of the API says of webhooks.</summary>
internal static class WebhookDescription
{
    private const string Tag = "webhooks";
    private const string TagWords = "Deliveries of GitHub, Bitbucket and GitLab, and what became of them.";
    private const string Id = "019ca9f5-7d20-7e54-9d24-5b0c2a1f0e11";

    private static readonly DateTimeOffset s_received = new(2026, 3, 2, 9, 15, 0, TimeSpan.Zero);

    public static IReadOnlyList<string> Verdicts { get; } =
    [.. Enum.GetNames<WebhookVerdict>().Select(name => name.ToLowerInvariant())];

    private static WebhookDelivery Example { get; } =
        new()
        {
            Id = Id,
            Provider = "github",
            DeliveryId = "72d3162e-cc78-11e3-81ab-4c9367dc0958",
            Event = "pull_request",
            Received = s_received,
            Verdict = WebhookVerdict.Ignored,
            Reason = "draft pull request and rule pr-preview has drafts: false",
            PullRequest = "github:acme/shop#12",
            Processed = s_received.AddSeconds(1),
            Replays = 0,
            Size = 28_011,
        };

    public static RouteGroupBuilder DescribesInbox(this RouteGroupBuilder routes) =>
        routes
            .Tagged(Tag, TagWords)
            .Refuses(
                ProblemKind.Unauthenticated,
                "The proof is missing or wrong. Nothing of the delivery is kept.",
                "The signature is missing, or it is not that of this body with the secret of this webhook."
            )
            .Refuses(ProblemKind.NotFound, "Webhooks of this provider are off.")
            .Refuses(
                ProblemKind.Unavailable,
                "There is no secret, or nothing can be stored now.",
                "Webhooks of github have no secret (webhooks.github.secret): no delivery is let through."
            );

    /// <param name="header">The one with the proof.</param>
    public static RouteHandlerBuilder DescribesDoor(this RouteHandlerBuilder route, string name, string header) =>
        route
            .WithName(name)
            .Takes(
                new DescribedParameter(header, "header", "Proves that the sender knows the secret.") { Required = true }
            )
            .TakesText("application/json", "{\"action\":\"opened\",\"number\":12}")
            .Answers(202, "It is stored. The same delivery once more gets the same answer.", new WebhookAccepted(Id));

    public static RouteGroupBuilder DescribesDeliveries(this RouteGroupBuilder routes) =>
        routes
            .Tagged(Tag, TagWords)
            .Refuses(
                ProblemKind.Unavailable,
                "The database cannot be reached.",
                "The database cannot be reached or cannot do its work now."
            );

    public static RouteHandlerBuilder DescribesList(this RouteHandlerBuilder route) =>
        route
            .WithName("listWebhookDeliveries")
            .Takes(
                new DescribedParameter("provider", "query", "Only of this provider.") { Example = "github" },
                new DescribedParameter("event", "query", "Only of this event, as the provider calls it.")
                {
                    Example = "pull_request",
                },
                new DescribedParameter("pull_request", "query", "Only those about this pull request.")
                {
                    Example = "github:acme/shop#12",
                },
                new DescribedParameter("verdict", "query", "Only those that this became of.")
                {
                    Choices = Verdicts,
                    Example = "refused",
                }
            )
            .AnswersList("A page of deliveries.", new WebhookDeliveryList([Example], NextCursor: null, Total: 1))
            .Refuses(ProblemKind.Invalid, "`verdict` or `cursor` cannot be read.");

    public static RouteHandlerBuilder DescribesGet(this RouteHandlerBuilder route) =>
        route.WithName("getWebhookDelivery").TakesId().Answers(200, "The delivery.", Example).IsMissing();

    public static RouteHandlerBuilder DescribesReplay(this RouteHandlerBuilder route) =>
        route
            .WithName("replayWebhookDelivery")
            .TakesId()
            .Answers(
                202,
                "It will be looked at again.",
                Example with
                {
                    Verdict = WebhookVerdict.Pending,
                    Reason = "",
                    Processed = null,
                    Replays = 1,
                }
            )
            .IsMissing()
            .Refuses(
                ProblemKind.Conflict,
                "It is not about a pull request.",
                "There is nothing to do again: the event push is not about a pull request, and its body was not kept."
            );

    private static RouteHandlerBuilder TakesId(this RouteHandlerBuilder route) =>
        route.Takes(new DescribedParameter("id", "path", "The delivery's id.") { Example = Id });

    private static RouteHandlerBuilder IsMissing(this RouteHandlerBuilder route) =>
        route.Refuses(ProblemKind.NotFound, "There is no such delivery (any more).", $"There is no delivery {Id}.");
}
