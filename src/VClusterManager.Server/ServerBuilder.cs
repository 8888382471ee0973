using VClusterManager.Server.Access;
using VClusterManager.Server.Audit;
using VClusterManager.Server.Clusters;
using VClusterManager.Server.Clusters.Orphans;
using VClusterManager.Server.Clusters.Time;
using VClusterManager.Server.Clusters.Usage;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.DynamicEndpoints;
using VClusterManager.Server.Http;
using VClusterManager.Server.Http.OpenApi;
using VClusterManager.Server.Identity;
using VClusterManager.Server.Identity.Keys;
using VClusterManager.Server.Kubernetes;
using VClusterManager.Server.Observability;
using VClusterManager.Server.Observability.Logs;
using VClusterManager.Server.Operations;
using VClusterManager.Server.Operations.Events;
using VClusterManager.Server.Processes;
using VClusterManager.Server.Storage;
using VClusterManager.Server.VCluster;
using VClusterManager.Server.Webhooks;
using VClusterManager.Server.Work;

namespace VClusterManager.Server;

/// <summary>The table of contents: every room, in order.</summary>
internal static class ServerBuilder
{
    public static WebApplication Build(ManagerOptions options)
    {
        // Nothing of the framework's own configuration is read: there is one source, and it has been checked.
        var builder = WebApplication.CreateEmptyBuilder(
            new WebApplicationOptions { ApplicationName = "vcluster-manager" }
        );
        AddHost(builder, options);

        builder.Services.AddConfiguration(options);
        builder.Services.AddStorage();
        builder.Services.AddProcesses();
        builder.Services.AddKubernetes();
        builder.Services.AddVCluster();
        builder.Services.AddHttp(options.Server);
        builder.Services.AddIdentity();
        builder.Services.AddKeys();
        builder.Services.AddAudit();
        builder.Services.AddObservability(options);
        builder.Services.AddClusters();
        builder.Services.AddOperations();
        builder.Services.AddDynamicEndpoints();
        builder.Services.AddAccess();
        builder.Services.AddWebhooks();
        // Last: everything that it uses has been started before it claims.
        builder.Services.AddWork();

        var app = builder.Build();
        app.UseAudit();
        app.UseHttp();
        app.UseIdentity();
        app.UseAuditTickets();
        var routes = app.MapRoutes();
        routes.MapHealth();
        routes.MapMetrics();
        routes.MapIdentity();
        routes.MapKeys();
        routes.MapApiDescription();
        routes.MapClusters();
        routes.MapAccess();
        routes.MapOrphans();
        routes.MapPrune();
        routes.MapUsage();
        routes.MapOperations();
        routes.MapEvents();
        routes.MapAudit();
        routes.MapDynamicEndpoints();
        routes.MapWebhooks();
        return app;
    }

    private static void AddHost(WebApplicationBuilder builder, ManagerOptions options)
    {
        var server = options.Server;
        builder.Services.AddRoutingCore();
        builder.Services.Configure<HostOptions>(host =>
        {
            // Work is handed over while the last answers go out, not after them; tools get their time to end.
            host.ServicesStopConcurrently = true;
            host.ShutdownTimeout = TimeSpan.FromSeconds(45);
        });
        builder.Logging.AddLines(options.Observability.LogFormat);
        builder.Logging.SetMinimumLevel(server.Debug ? LogLevel.Debug : LogLevel.Information);
        builder.Logging.AddFilter("Microsoft.AspNetCore", server.Debug ? LogLevel.Debug : LogLevel.Warning);
        // It writes down whole addresses, with whatever somebody has put into the query.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.EntityFrameworkCore", LogLevel.Warning);
        builder.Logging.AddFilter("System.Net.Http", LogLevel.Warning);
        builder.Logging.AddFilter("Yarp", LogLevel.Error);
        // What could not be told to a provider is said once, in our words.
        builder.Logging.AddFilter("Polly", LogLevel.Critical);
        builder.Logging.AddFilter("VClusterManager.Server.Identity", LogLevel.Warning);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.ListenOn(server));
    }
}
