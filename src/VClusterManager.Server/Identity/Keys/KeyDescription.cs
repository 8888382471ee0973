using VClusterManager.Contracts;
using VClusterManager.Server.Http;
using VClusterManager.Server.Http.OpenApi;

namespace VClusterManager.Server.Identity.Keys;

/// <summary>What the description of the API says of API keys.</summary>
internal static class KeyDescription
{
    private static ApiKey Example { get; } =
        new()
        {
            Id = "0195566a-90a0-7c3e-8a53-0d2f3c4b5a69",
            Name = "nightly",
            Hint = "vcm_3fKq",
            Role = "editor",
            CreatedBy = "root",
            Created = new DateTimeOffset(2026, 3, 2, 9, 15, 0, TimeSpan.Zero),
            ExpiresAt = new DateTimeOffset(2026, 4, 1, 9, 15, 0, TimeSpan.Zero),
            LastUsed = new DateTimeOffset(2026, 3, 3, 1, 0, 0, TimeSpan.Zero),
            Limits = new CallerLimits(["nightly-*"], OwnClusters: true, MaxClusters: 5, MaxTtlHours: 8),
        };

    public static RouteGroupBuilder DescribesKeys(this RouteGroupBuilder routes) =>
        routes
            .Tagged(IdentityEndpoints.Tag, IdentityEndpoints.TagWords)
            .Refuses(
                ProblemKind.Unavailable,
                "The database cannot be reached, or the server is read-only.",
                "The database cannot be reached or cannot do its work now."
            );

    public static RouteHandlerBuilder DescribesList(this RouteHandlerBuilder route) =>
        route
            .WithName("listKeys")
            .AnswersList("A page of API keys.", new ApiKeyList([Example], NextCursor: null, Total: 1))
            .Refuses(ProblemKind.Invalid, "`cursor` is none of this list.");

    public static RouteHandlerBuilder DescribesMake(this RouteHandlerBuilder route) =>
        route
            .WithName("createKey")
            .TakesBody(
                new ApiKeyCreate
                {
                    Name = "nightly",
                    Role = "editor",
                    ExpiresInHours = 720,
                    Namespaces = ["nightly-*"],
                    OwnClusters = true,
                    MaxClusters = 5,
                    MaxTtlHours = 8,
                }
            )
            .Answers(
                201,
                "The key, which is not shown again.",
                Example with
                {
                    LastUsed = null,
                    Key = "vcm_3fKq0v3Zb1uW5nXo8sT2yLr6cJd9eHaGm4pQwEiVkBU",
                }
            )
            .Refuses(
                ProblemKind.Forbidden,
                "The key could do more than the caller, or the caller makes no keys.",
                "A key cannot be admin: anna is editor."
            )
            .Refuses(ProblemKind.Conflict, "The name is taken.", "There is somebody called nightly already.")
            .Refuses(ProblemKind.Invalid, "A field breaks a rule.", "must be viewer, editor or admin", "role");

    public static RouteHandlerBuilder DescribesRevoke(this RouteHandlerBuilder route) =>
        route
            .WithName("revokeKey")
            .Takes(new DescribedParameter("id", "path", "The key's id.") { Example = Example.Id })
            .AnswersNothing(204, "It is gone.")
            .Refuses(
                ProblemKind.NotFound,
                "There is no such key that the caller may see.",
                $"There is no API key {Example.Id}."
            );
}
