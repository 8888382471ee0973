using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Api.Discovering;
using VClusterManager.Sandbox.Authentication;
using VClusterManager.Sandbox.Faults;

namespace VClusterManager.Sandbox.Api;

/// <summary>Everything that is no resource: version, health, discovery.</summary>
internal static class PlainPaths
{
    public static Task HandleAsync(HttpContext context, EmulatedCluster cluster, RequestInfo info, Identity caller)
    {
        var parts = info.Path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return parts switch
        {
            ["version"] => context.WriteJsonAsync(200, cluster.Version.ToJson()),
            ["healthz" or "livez" or "readyz", ..] => Health.WriteAsync(context, parts[0]),
            ["api"] when AggregatedDiscovery.IsAskedFor(context.Request) => AggregatedDiscovery.WriteAsync(
                context,
                core: true
            ),
            ["apis"] when AggregatedDiscovery.IsAskedFor(context.Request) => AggregatedDiscovery.WriteAsync(
                context,
                core: false
            ),
            ["api"] => context.WriteJsonAsync(200, LegacyDiscovery.Versions(cluster.Address)),
            ["api", var version] => WriteOr404(context, LegacyDiscovery.Resources("", version)),
            ["apis"] => context.WriteJsonAsync(200, LegacyDiscovery.Groups()),
            ["apis", var group] => WriteOr404(context, LegacyDiscovery.GroupDocument(group)),
            ["apis", var group, var version] => WriteOr404(context, LegacyDiscovery.Resources(group, version)),
            ["openapi", "v3"] => OpenApi.WriteIndexAsync(context),
            ["openapi", "v3", "api", var version] => OpenApi.WriteAsync(context, "", version),
            ["openapi", "v3", "apis", var group, var version] => OpenApi.WriteAsync(context, group, version),
            ["-", "sandbox", "faults"] => FaultsAsync(context, cluster, caller),
            _ => NotFoundAsync(context),
        };
    }

    /// <summary>Which faults the command line tools are to play for one cluster.</summary>
    private static Task FaultsAsync(HttpContext context, EmulatedCluster cluster, Identity caller)
    {
        if (caller == Identity.Anonymous)
        {
            throw Refusals.Unauthorized();
        }

        var query = context.Request.Query;
        var faults = ControlApi.FaultsFor(
            cluster.Settings.Faults,
            query["namespace"].ToString(),
            query["name"].ToString()
        );
        return context.WriteJsonAsync(200, faults);
    }

    private static Task WriteOr404(HttpContext context, JsonObject? document) =>
        document is null ? NotFoundAsync(context) : context.WriteJsonAsync(200, document);

    /// <summary>What no one serves at all is answered in plain text.</summary>
    public static Task NotFoundAsync(HttpContext context) => context.WriteTextAsync(404, "404 page not found\n");
}
