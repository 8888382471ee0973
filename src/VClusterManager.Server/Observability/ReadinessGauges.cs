using System.Diagnostics.Metrics;

namespace VClusterManager.Server.Observability;

/// <summary>How this server says that it does, in figures.</summary>
internal sealed class ReadinessGauges : IGauges
{
    public const string MeterName = "VClusterManager.Observability";

    public ReadinessGauges(ServerReadiness readiness, IMeterFactory meters) =>
        meters
            .Create(MeterName)
            .CreateObservableGauge(
                "vcluster_manager.problems",
                () => readiness.Now().Problems.Count,
                "{problem}",
                "How many things /readyz says are wrong with this server."
            );
}
