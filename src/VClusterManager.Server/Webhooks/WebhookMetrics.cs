using System.Diagnostics.Metrics;
using VClusterManager.Server.Observability;
using VClusterManager.Server.Storage;

namespace VClusterManager.Server.Webhooks;

/// <summary>What comes to the doors, in figures: of what is turned away there, nothing else is kept.</summary>
internal static class WebhookMetrics
{
    private static readonly Meter Meter = new("VClusterManager.Webhooks");

    private static readonly Counter<long> Deliveries = Meter.CreateCounter<long>(
        "vcluster_manager.webhooks.deliveries",
        "{delivery}",
        "Deliveries, by provider and by what was answered."
    );

    private static readonly Counter<long> Verdicts = Meter.CreateCounter<long>(
        "vcluster_manager.webhooks.verdicts",
        "{delivery}",
        "Deliveries that were stored, by provider and by what was made of them when they were read."
    );

    public static void Answered(IWebhookProvider provider, string outcome) =>
        Deliveries.Add(1, Label.Of("provider", provider.Name), Label.Of("outcome", outcome));

    public static void Judged(string provider, WebhookVerdict verdict) =>
        Verdicts.Add(1, Label.Of("provider", provider), Label.Of("verdict", verdict));
}
