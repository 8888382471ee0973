using VClusterManager.Server.Access.Proxy;
using VClusterManager.Server.Access.Tokens;

namespace VClusterManager.Server.Access;

/// <summary>Lets go once a minute of what is kept in memory for clusters that nobody uses, and of tokens that have ended.</summary>
internal sealed partial class AccessSweep(
    ClusterClients clients,
    KnownClusterTokens tokens,
    TimeProvider time,
    ILogger<AccessSweep> logger
) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(Interval, time, stoppingToken);
            try
            {
                clients.CloseUnused();
                tokens.Sweep();
            }
            catch (Exception e)
            {
                Log.Failed(logger, e);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "Letting go of what nobody uses has failed")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
