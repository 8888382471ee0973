namespace VClusterManager.Server.Webhooks;

/// <summary>Doors that are enabled and have no secret: they let nobody in, and that has to be said.</summary>
internal sealed class ClosedDoors(WebhookProviders providers)
{
    public string? Problem()
    {
        string[] closed =
        [
            .. providers
                .All.Where(provider => provider.Options is { Enabled: true, IsOpen: false })
                .Select(provider => provider.Door)
                .Distinct(),
        ];
        return closed.Length == 0
            ? null
            : $"Webhooks of {string.Join(", ", closed)} are enabled and have no secret: every delivery is answered with 503. Set {string.Join(", ", closed.Select(Secret))}, or webhooks.*.enabled to false.";
    }

    private static string Secret(string door) => $"webhooks.{door}.secret ({door.ToUpperInvariant()}_WEBHOOK_SECRET)";
}

/// <summary>Says it once, as the server starts.</summary>
internal sealed partial class ClosedDoorsNotice(WebhookProviders providers, ILogger<ClosedDoorsNotice> logger)
    : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (new ClosedDoors(providers).Problem() is { } problem)
        {
            Log.Closed(logger, problem);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "{Problem}")]
        public static partial void Closed(ILogger logger, string problem);
    }
}
