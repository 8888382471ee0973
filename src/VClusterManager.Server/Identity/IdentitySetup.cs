using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection.Extensions;
using VClusterManager.Server.Http.Guards;
using VClusterManager.Server.Identity.Oidc;
using VClusterManager.Server.Identity.Tokens;

namespace VClusterManager.Server.Identity;

/// <summary>Who may come in, and how far.</summary>
internal static class IdentitySetup
{
    public static IServiceCollection AddIdentity(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<Passwords>();
        AddChecks(services);
        services
            .AddAuthentication(CredentialHandler.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, CredentialHandler>(CredentialHandler.SchemeName, null);
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, RoleRefusal>();
        var authorization = services.AddAuthorizationBuilder();
        foreach (var role in Enum.GetValues<Role>())
        {
            authorization.AddPolicy(role.ToWord(), Policy(role));
        }

        // Also where nothing is routed: whoever has no credentials does not learn which paths exist.
        authorization.SetFallbackPolicy(Policy(Role.Viewer));
        return services;
    }

    /// <summary>After <c>UseHttp</c>, before the routes.</summary>
    public static WebApplication UseIdentity(this WebApplication app)
    {
        app.UseAuthentication();
        app.UseLimits();
        app.UseAuthorization();
        app.UseCredentialEnd();
        return app;
    }

    /// <summary>In this order: an issuer of the configuration is told by its tokens, and all other tokens are our own.</summary>
    private static void AddChecks(IServiceCollection services)
    {
        services.AddSingleton<ConfiguredApiKeys>();
        services.AddSingleton<OidcTokens>();
        services.AddSingleton<OwnTokens>();
        services.AddSingleton<CredentialCheck>(s => s.GetRequiredService<ConfiguredApiKeys>().CheckAsync);
        services.AddSingleton<CredentialCheck>(s => s.GetRequiredService<OidcTokens>().CheckAsync);
        services.AddSingleton<CredentialCheck>(s => s.GetRequiredService<OwnTokens>().CheckAsync);
    }

    private static AuthorizationPolicy Policy(Role role) =>
        new AuthorizationPolicyBuilder().RequireAuthenticatedUser().AddRequirements(new RoleRequirement(role)).Build();
}
