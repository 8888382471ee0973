using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using VClusterManager.Server.Http;
using VClusterManager.Server.Http.Failures;

namespace VClusterManager.Server.Identity;

/// <summary>At least this role.</summary>
internal sealed class RoleRequirement(Role role) : AuthorizationHandler<RoleRequirement>, IAuthorizationRequirement
{
    public Role Role { get; } = role;

    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, RoleRequirement requirement)
    {
        if (
            context.Resource is HttpContext http
            && http.FindPrincipal() is { } who
            && who.Role >= requirement.Role
            && (who.OnlyCluster is null || ClusterDoor.IsOn(http))
        )
        {
            context.Succeed(requirement);
        }

        return Task.CompletedTask;
    }
}

/// <summary>Routes that lead into one cluster: a credential for one cluster is taken here, and nowhere else.</summary>
internal sealed class ClusterDoor
{
    private static readonly ClusterDoor Instance = new();

    public static T Marks<T>(T routes)
        where T : IEndpointConventionBuilder => routes.WithMetadata(Instance);

    public static bool IsOn(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<ClusterDoor>() is not null;
}

/// <summary>Says which role would do, where one is too small.</summary>
internal sealed class RoleRefusal : IAuthorizationMiddlewareResultHandler
{
    private readonly AuthorizationMiddlewareResultHandler _framework = new();

    public Task HandleAsync(
        RequestDelegate next,
        HttpContext context,
        AuthorizationPolicy policy,
        PolicyAuthorizationResult authorizeResult
    )
    {
        var needed = authorizeResult
            .AuthorizationFailure?.FailedRequirements.OfType<RoleRequirement>()
            .MaxBy(r => r.Role);
        if (!authorizeResult.Forbidden || needed is null || context.FindPrincipal() is not { } principal)
        {
            return _framework.HandleAsync(next, context, policy, authorizeResult);
        }

        var detail =
            principal.OnlyCluster is not null && !ClusterDoor.IsOn(context)
                ? "A token for one cluster opens that cluster and nothing else: use another credential here."
                : $"This needs the role {needed.Role.ToWord()}; {principal.Name} is {principal.Role.ToWord()}.";
        return new Problem(ProblemKind.Forbidden, detail).ToResult().ExecuteAsync(context);
    }
}
