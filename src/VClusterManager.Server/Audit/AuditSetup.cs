namespace VClusterManager.Server.Audit;

internal static class AuditSetup
{
    /// <summary>Who asked for what, and what came of it: kept in the log and in the database.</summary>
    public static IServiceCollection AddAudit(this IServiceCollection services)
    {
        services.AddSingleton<AuditLines>();
        services.AddSingleton<AuditLog>();
        services.AddHostedService(provider => provider.GetRequiredService<AuditLog>());
        services.AddSingleton<AuditKeeper>();
        services.AddSingleton<AuditReads>();
        return services;
    }

    /// <summary>First of all, so that it sees what was answered in the end, whoever answered it.</summary>
    public static WebApplication UseAudit(this WebApplication app)
    {
        app.UseMiddleware<AuditMiddleware>();
        return app;
    }

    /// <summary>Last before the routes.</summary>
    public static WebApplication UseAuditTickets(this WebApplication app)
    {
        app.UseMiddleware<AuditTicketMiddleware>();
        return app;
    }
}
