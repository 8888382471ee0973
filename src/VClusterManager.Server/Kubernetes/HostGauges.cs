using System.Diagnostics.Metrics;
using VClusterManager.Server.Observability;

namespace VClusterManager.Server.Kubernetes;

/// <summary>How far what this server shows of the host can be trusted. Each server watches for itself.</summary>
internal sealed class HostGauges : IGauges
{
    public HostGauges(HostView host, IMeterFactory meters)
    {
        var meter = meters.Create(HostMetrics.MeterName);
        meter.CreateObservableGauge(
            "vcluster_manager.host.age",
            () => host.Freshness.Age.TotalSeconds,
            "s",
            "For how long the host has not been heard of; 0 as long as it is."
        );
        meter.CreateObservableGauge(
            "vcluster_manager.host.synced",
            () => host.Freshness.Synced ? 1 : 0,
            unit: null,
            "1 once the host has been read."
        );
    }
}
