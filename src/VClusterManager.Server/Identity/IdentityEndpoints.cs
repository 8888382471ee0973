using Microsoft.AspNetCore.Http.HttpResults;
using VClusterManager.Contracts;
using VClusterManager.Server.Http.OpenApi;
using VClusterManager.Server.Identity.Tokens;

namespace VClusterManager.Server.Identity;

internal static class IdentityEndpoints
{
    public const string Tag = "identity";
    public const string TagWords = "Who is calling, what they may do, and credentials.";

    public static IEndpointRouteBuilder MapIdentity(this IEndpointRouteBuilder routes)
    {
        routes
            .MapGet("/api/me", Me)
            .RequireRole(Role.Viewer)
            .Tagged(Tag, TagWords)
            .WithName("getMe")
            .Answers(
                200,
                "The caller.",
                new WhoAmI(
                    "ci",
                    Role.Editor.ToWord(),
                    "api_key",
                    ExpiresAt: null,
                    new CallerLimits(["ci-*"], OwnClusters: true, MaxClusters: 5, MaxTtlHours: 8)
                )
            );
        routes.MapTokens();
        return routes;
    }

    /// <summary>Who am I?</summary>
    /// <remarks>
    /// The name, the role and the limits that the credential stands for, and when it ends: the way to try one out.
    /// </remarks>
    internal static Ok<WhoAmI> Me(HttpContext context)
    {
        var who = context.GetPrincipal();
        return TypedResults.Ok(new WhoAmI(who.Name, who.Role.ToWord(), who.Source, who.Expires, Show(who.Limits)));
    }

    /// <summary><see langword="null"/>: there are none.</summary>
    public static CallerLimits? Show(Limits limits) =>
        limits.AreNone
            ? null
            : new CallerLimits(limits.Namespaces, limits.OwnClusters, limits.MaxClusters, limits.MaxTtlHours);
}
