using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Http.Failures;
using VClusterManager.Server.Http.Guards;
using VClusterManager.Server.Http.OpenApi;
using VClusterManager.Server.Http.Responses;

namespace VClusterManager.Server.Http;

/// <summary>What every route has in common.</summary>
internal static class HttpSetup
{
    public static IServiceCollection AddHttp(this IServiceCollection services, ServerOptions server)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.ConfigureHttpJsonOptions(json => ApiJson.Apply(json.SerializerOptions));
        // Otherwise the framework answers an empty 400 by itself, and only to developers with words.
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        services.Configure<KestrelServerOptions>(kestrel => kestrel.AddServerHeader = false);
        services.AddSingleton<ExceptionProblem>(ExceptionProblems.Database);
        services.AddCors(cors => Origins.Allow(cors, server));
        services.AddGuards(server);
        return services.AddApiDescription();
    }

    /// <summary>Comes first in the pipeline; authentication and the routes come after it.</summary>
    public static WebApplication UseHttp(this WebApplication app)
    {
        app.UseTrustedProxies();
        app.UseSecurityHeaders();
        app.UseMiddleware<FailureMiddleware>();
        app.UseRouting();
        app.UseRequestTimeouts();
        app.UseCors();
        return app;
    }

    /// <summary>The rooms map their routes on this.</summary>
    public static IEndpointRouteBuilder MapRoutes(this WebApplication app) =>
        app.MapGroup("").AnswersHead().CountsInFlight();
}
