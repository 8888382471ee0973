using System.Text.Json;

namespace VClusterManager.Server.Kubernetes.Watching;

/// <summary>Runs all watches, and keeps an eye on them.</summary>
/// <remarks>
/// One loop for each collection, side by side; the warnings begin when the others have listed, since only what concerns
/// known clusters is kept. Beside them a heartbeat: watches may be silent for a minute and all is well, so whether the
/// host's API is there at all is asked every few seconds, by its version. Every second it is considered anew whether the
/// cache is stale.
/// </remarks>
internal sealed partial class HostWatcher(HostApi api, HostView view, TimeProvider time, ILogger<HostWatcher> logger)
    : BackgroundService
{
    internal static readonly TimeSpan Beat = TimeSpan.FromSeconds(3);
    internal static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    private readonly List<WatchHealth> _required = [];

    /// <summary>The longest that a watch may be silent.</summary>
    internal WatchStream Stream { get; init; } = new(time);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var heartbeat = new WatchHealth("the host's API", time, heartbeat: true);
        heartbeat.FirstListed += view.Gauge.Reconsider;
        _required.Add(heartbeat);
        Task[] loops =
        [
            Watch(HostSources.Namespaces(view), stoppingToken),
            Watch(HostSources.StatefulSets(view), stoppingToken),
            Watch(HostSources.Deployments(view), stoppingToken),
            Watch(HostSources.Pods(view), stoppingToken),
            Watch(HostSources.VolumeClaims(view), stoppingToken),
            Watch(HostSources.Releases(view), stoppingToken),
            Watch(HostSources.Kubeconfigs(view), stoppingToken),
        ];
        view.Gauge.Watch(_required);
        await Task.WhenAll([
            .. loops,
            WarningsAsync(stoppingToken),
            BeatAsync(heartbeat, stoppingToken),
            TickAsync(stoppingToken),
        ]);
    }

    private async Task WarningsAsync(CancellationToken stopping)
    {
        await view.WaitForSyncAsync(stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!stopping.IsCancellationRequested)
            await Watch(HostSources.Warnings(view), stopping);
    }

    private Task Watch<T>(WatchSource<T> source, CancellationToken stopping)
        where T : class
    {
        var health = new WatchHealth(source.Query.Resource.Plural, time);
        if (source.Required)
        {
            health.FirstListed += view.Gauge.Reconsider;
            _required.Add(health);
        }

        var watch = new ListWatch<T>(api, source, health, Stream, time, logger);
        return Task.Run(() => watch.RunAsync(stopping), CancellationToken.None);
    }

    private async Task BeatAsync(WatchHealth heartbeat, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                // Open to all on every host; a refusal is a sign of life, too.
                using var limit = new CancellationTokenSource(Beat, time);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stopping);
                view.HostVersion = await api.ReadAsync("version", GitVersion, either.Token);
                heartbeat.Listed();
            }
            catch (HostException e) when (e.IsRefusal)
            {
                heartbeat.Listed();
            }
            catch (HostException e)
            {
                heartbeat.Failed(e.Message);
            }
            catch (OperationCanceledException)
            {
                heartbeat.Failed("the host's API does not answer");
            }
            catch (Exception e)
            {
                Log.BeatFailed(logger, e);
                heartbeat.Failed("the host's API cannot be asked");
            }

            await Task.Delay(Beat, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static string? GitVersion(JsonElement answer) =>
        answer.TryGetProperty("gitVersion", out var version) ? version.GetString() : null;

    private async Task TickAsync(CancellationToken stopping)
    {
        var told = view.Freshness;
        while (!stopping.IsCancellationRequested)
        {
            view.Gauge.Reconsider();
            var now = view.Freshness;
            if (now.Stale && !told.Stale)
                Log.Stale(logger, now.Problem ?? "");
            if (!now.Stale && told.Stale)
                Log.Fresh(logger);
            told = now;
            await Task.Delay(Tick, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "The view of the host is stale: {Problem}")]
        public static partial void Stale(ILogger logger, string problem);

        [LoggerMessage(Level = LogLevel.Information, Message = "The view of the host is fresh again")]
        public static partial void Fresh(ILogger logger);

        [LoggerMessage(Level = LogLevel.Error, Message = "Asking the host for a sign of life has failed")]
        public static partial void BeatFailed(ILogger logger, Exception exception);
    }
}
