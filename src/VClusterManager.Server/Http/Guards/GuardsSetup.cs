using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using VClusterManager.Server.Configuration;

namespace VClusterManager.Server.Http.Guards;

/// <summary>What keeps one caller from taking the server away from the others.</summary>
internal static class GuardsSetup
{
    public static IServiceCollection AddGuards(this IServiceCollection services, ServerOptions server)
    {
        services.AddSingleton(server);
        services.AddSingleton<FailedLogins>();
        services.AddRateLimiter(options => RateLimits.Configure(options, server.Limits));
        services.AddRequestTimeouts(options => RequestTimeouts.Configure(options, server.Limits));
        return services.Configure<KestrelServerOptions>(kestrel =>
            kestrel.Limits.MaxRequestBodySize = server.Limits.BodyBytes
        );
    }

    /// <summary>Between who is calling and what they may do: limits go by caller, and also hold for those without a name.</summary>
    public static IApplicationBuilder UseLimits(this IApplicationBuilder app) => app.UseRateLimiter();

    /// <summary>For all routes; one may say otherwise for itself.</summary>
    public static T CountsInFlight<T>(this T routes)
        where T : IEndpointConventionBuilder => routes.RequireRateLimiting(RateLimits.InFlight);

    /// <summary>
    /// It goes on for as long as somebody listens, or is answered from memory at once: neither timed nor counted as in
    /// flight.
    /// </summary>
    public static T IsUnbounded<T>(this T routes)
        where T : IEndpointConventionBuilder =>
        routes.RequireRateLimiting(RateLimits.Unbounded).WithMetadata(new DisableRequestTimeoutAttribute());

    /// <summary>For probes: no limit of any kind.</summary>
    public static T IsUnlimited<T>(this T routes)
        where T : IEndpointConventionBuilder =>
        routes.DisableRateLimiting().WithMetadata(new DisableRequestTimeoutAttribute());

    /// <summary>
    /// Limited like an unbounded route where nobody is known, and not at all where somebody is: they are limited in
    /// another way.
    /// </summary>
    public static T LimitsStrangers<T>(this T routes)
        where T : IEndpointConventionBuilder => routes.IsUnbounded().WithMetadata(StrangersOnly.Instance);

    /// <summary>For deliveries of webhooks: by address, with a rate of their own, and bodies of up to so many bytes.</summary>
    public static T LimitsDeliveries<T>(this T routes, long bodyBytes)
        where T : IEndpointConventionBuilder =>
        routes.RequireRateLimiting(RateLimits.Deliveries).WithMetadata(OwnRate.Instance, new BodyLimit(bodyBytes));

    /// <summary>For logins with a password, which cost the server time and are worth guessing.</summary>
    public static T LimitsLogins<T>(this T routes)
        where T : IEndpointConventionBuilder => routes.RequireRateLimiting(RateLimits.Logins);
}

/// <summary>Says of a route that its rate is limited only for those whom nobody knows.</summary>
internal sealed class StrangersOnly
{
    public static StrangersOnly Instance { get; } = new();
}

/// <summary>Says of a route that its own rate is all that limits it.</summary>
internal sealed class OwnRate
{
    public static OwnRate Instance { get; } = new();
}

/// <summary>Says of a route how large its bodies may be.</summary>
internal sealed class BodyLimit(long bytes) : IRequestSizeLimitMetadata
{
    public long? MaxRequestBodySize => bytes;
}
