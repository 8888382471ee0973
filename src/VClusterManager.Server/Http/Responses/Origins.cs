using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Net.Http.Headers;
using VClusterManager.Server.Configuration;

namespace VClusterManager.Server.Http.Responses;

/// <summary>Web pages of other origins: only those that configuration lists, and those with everything.</summary>
internal static class Origins
{
    public static void Allow(CorsOptions cors, ServerOptions server) =>
        cors.AddDefaultPolicy(policy =>
            policy
                .WithOrigins([.. server.AllowedOrigins])
                .AllowAnyMethod()
                .AllowAnyHeader()
                .AllowCredentials()
                .WithExposedHeaders(HeaderNames.Location, HeaderNames.ETag, HeaderNames.RetryAfter)
        );
}
