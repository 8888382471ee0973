using System.Diagnostics.Metrics;
using VClusterManager.Server.Storage;

namespace VClusterManager.Server.Observability;

/// <summary>
/// What happens when somebody looks at the metrics: figures that must be asked for are asked for, and waited for only for a
/// moment. Whoever looks while the database is away gets the last known ones, and how old they are. While nobody looks,
/// nothing is asked.
/// </summary>
internal sealed partial class MetricsReading
{
    /// <summary>A scrape has seconds, and must be answered by a server in trouble above all.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly SampledFigures[] _figures;
    private readonly Database _database;
    private readonly IHostApplicationLifetime _lifetime;
    private readonly TimeProvider _time;
    private readonly ILogger<MetricsReading> _logger;

    public MetricsReading(
        IEnumerable<IGauges> gauges,
        Database database,
        IHostApplicationLifetime lifetime,
        IMeterFactory meters,
        TimeProvider time,
        ILogger<MetricsReading> logger
    )
    {
        _figures = [.. gauges.Select(room => room.Sampled).OfType<SampledFigures>()];
        (_database, _lifetime, _time, _logger) = (database, lifetime, time, logger);
        meters
            .Create(ReadinessGauges.MeterName)
            .CreateObservableGauge(
                "vcluster_manager.figures.age",
                Ages,
                "s",
                "How old the figures are that had to be asked for; missing where they have never been known."
            );
    }

    /// <summary>Before an answer is written.</summary>
    public async Task PrepareAsync(CancellationToken cancellation)
    {
        if (!_database.IsReady)
        {
            return;
        }

        var all = Task.WhenAll(
            _figures.Select(figures =>
                figures.RefreshAsync(
                    _time,
                    why => Log.NotKnown(_logger, figures.Name, why),
                    _lifetime.ApplicationStopping
                )
            )
        );
        await Task.WhenAny(all, Task.Delay(Patience, TimeProvider.System, cancellation));
    }

    private IEnumerable<Measurement<double>> Ages() =>
        from figures in _figures
        let age = figures.AgeBy(_time)
        where age is not null
        select new Measurement<double>(age.Value.TotalSeconds, Label.Of("figures", figures.Name));

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The figures {Figures} could not be asked for: {Reason}")]
        public static partial void NotKnown(ILogger logger, string figures, string reason);
    }
}
