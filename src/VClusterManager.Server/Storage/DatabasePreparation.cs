namespace VClusterManager.Server.Storage;

/// <summary>
/// Prepares the database as the server starts. What cannot get better by waiting (a database that is newer, or held by
/// another process) stops the start; a database that is away does not: the server stays up, says so in its readiness,
/// and goes on trying.
/// </summary>
internal sealed partial class DatabasePreparation(
    Database database,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<DatabasePreparation> logger
) : BackgroundService, IHostedLifecycleService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        try
        {
            await database.PrepareAsync(cancellationToken);
        }
        catch (DatabaseUnavailableException e)
        {
            Log.Away(logger, e.Message);
        }
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!database.IsReady)
        {
            await Task.Delay(Pause, time, stoppingToken);
            try
            {
                await database.PrepareAsync(stoppingToken);
            }
            catch (DatabaseUnavailableException e)
            {
                Log.Away(logger, e.Message);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                Log.Refused(logger, e);
                Environment.ExitCode = 1;
                lifetime.StopApplication();
                return;
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The database is not ready, trying again: {Reason}")]
        public static partial void Away(ILogger logger, string reason);

        [LoggerMessage(Level = LogLevel.Critical, Message = "The database cannot be used: the server stops")]
        public static partial void Refused(ILogger logger, Exception cause);
    }
}
