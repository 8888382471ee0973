using System.Reflection;
using OpenTelemetry.Instrumentation.AspNetCore;
using VClusterManager.Contracts;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Http.Guards;
using VClusterManager.Server.Http.OpenApi;
using VClusterManager.Server.Http.Responses;
using VClusterManager.Server.Identity;
using VClusterManager.Server.Kubernetes;
using VClusterManager.Server.VCluster;

namespace VClusterManager.Server.Observability;

/// <summary>Whether the server lives, is ready, and what it is.</summary>
internal static class HealthEndpoints
{
    internal const string Tag = "server";
    internal const string TagWords = "Whether the server lives, is ready, what it is, and how it does.";

    private const string Description =
        "Hands out virtual Kubernetes clusters, keeps them, and takes them away again in time.";

    public static readonly string Version = (
        typeof(HealthEndpoints)
            .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
            ?.InformationalVersion
        ?? "0"
    ).Split('+')[0];

    private static ServerInfo ExampleInfo { get; } =
        new()
        {
            Name = "vcluster-manager",
            Version = Version,
            Description = Description,
            DynamicEndpointsEnabled = true,
            WebhooksEnabled = new WebhooksEnabled(Github: true, Bitbucket: false, Gitlab: false),
            KubernetesVersions = ["1.35", "1.34"],
            Tools = new ToolVersions("0.34.7", "3.17.0", "1.35.0", "v1.35.0"),
        };

    public static IEndpointRouteBuilder MapHealth(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("").AllowAnonymous().Tagged(Tag, TagWords);
        group
            .MapGet("/health", Health)
            .IsUnlimited()
            .WithName("getHealth")
            .Answers(200, "The process answers.", new Health("healthy"));
        group
            .MapGet("/livez", Live)
            .IsUnlimited()
            .WithName("getLiveness")
            .Answers(200, "The process answers.", new Readiness("live", null));
        group
            .MapGet("/readyz", Ready)
            .IsUnlimited()
            .WithName("getReadiness")
            .Answers(
                200,
                "It should get requests.",
                new Readiness("degraded", ["The host has not been heard of for 42 s: connection refused."])
            )
            .Answers(503, "It should get no requests now.", new Readiness("draining", null));
        group.MapGet("/api/info", Info).WithName("getInfo").Answers(200, "The server.", ExampleInfo);
        return routes;
    }

    /// <summary>Probes come all day, and are no traces; of an address, the query may hold anything.</summary>
    internal static void ShapeTraces(AspNetCoreTraceInstrumentationOptions tracing)
    {
        tracing.Filter = http => http.Request.Path.Value is not ("/health" or "/livez" or "/readyz" or "/metrics");
        tracing.EnrichWithHttpRequest = (span, _) => span.SetTag("url.query", null);
    }

    /// <summary>Is it alive?</summary>
    /// <remarks>Says that the process answers. Touches nothing.</remarks>
    internal static IResult Health() => TypedResults.Json(new Health("healthy"), ApiJson.Options);

    /// <summary>Is it alive? (probe)</summary>
    /// <remarks>Says that the process answers, in the words of the probes. Touches nothing.</remarks>
    internal static IResult Live() => TypedResults.Json(new Readiness("live", null), ApiJson.Options);

    /// <summary>Is it ready?</summary>
    /// <remarks>
    /// 503 before the first look at the host (and at whose it is), without a migrated database and while draining; 200
    /// otherwise, with <c>degraded</c> where something is wrong, so that a load balancer does not drop every replica at once. What is
    /// wrong is said only to callers with credentials.
    /// </remarks>
    internal static IResult Ready(HttpContext http, ServerReadiness readiness)
    {
        var (status, code, problems) = readiness.Now();
        var shown = KnowsUs(http) ? problems : null;
        return TypedResults.Json(new Readiness(status, shown), ApiJson.Options, statusCode: code);
    }

    /// <summary>What is it?</summary>
    /// <remarks>
    /// What this server is, and, for callers with credentials, what it works with: the Kubernetes versions on offer, and
    /// the versions of tools and host.
    /// </remarks>
    internal static IResult Info(
        HttpContext http,
        ToolState tools,
        KubernetesVersions versions,
        HostView host,
        DynamicEndpointsOptions dynamic,
        WebhookOptions webhooks
    )
    {
        var info = new ServerInfo
        {
            Name = "vcluster-manager",
            Version = Version,
            Description = Description,
            DynamicEndpointsEnabled = dynamic.Enabled,
            WebhooksEnabled = new WebhooksEnabled(
                webhooks.GitHub.IsOpen,
                webhooks.Bitbucket.IsOpen,
                webhooks.GitLab.IsOpen
            ),
        };
        if (KnowsUs(http))
        {
            var report = tools.Report;
            info = info with
            {
                KubernetesVersions = [.. versions.Offered.Select(v => v.Minor)],
                Tools = new ToolVersions(
                    report.VClusterVersion,
                    report.HelmVersion,
                    report.KubectlVersion,
                    host.HostVersion
                ),
            };
        }
        return TypedResults.Json(info, ApiJson.Options);
    }

    /// <summary>A credential for one cluster is none for what the server says of itself.</summary>
    private static bool KnowsUs(HttpContext http) => http.FindPrincipal() is { OnlyCluster: null };
}
