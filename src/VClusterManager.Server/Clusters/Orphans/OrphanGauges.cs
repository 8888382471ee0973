using System.Diagnostics.Metrics;
using VClusterManager.Contracts;
using VClusterManager.Server.Observability;

namespace VClusterManager.Server.Clusters.Orphans;

/// <summary>
/// How much is on the host without an owner. The host is read for it, which is dear: seldom, and only while somebody looks.
/// Every server finds the same: take the greatest, not the sum.
/// </summary>
internal sealed class OrphanGauges : IGauges
{
    private static readonly OrphanKind[] Kinds = Enum.GetValues<OrphanKind>();

    private readonly OrphanScan _scan;
    private volatile IReadOnlyDictionary<OrphanKind, int>? _found;

    public OrphanGauges(OrphanScan scan, IMeterFactory meters)
    {
        _scan = scan;
        Sampled = new SampledFigures("orphans", TimeSpan.FromMinutes(10), LookAsync);
        meters
            .Create(ClusterGauges.MeterName)
            .CreateObservableGauge(
                "vcluster_manager.orphans",
                Count,
                "{object}",
                "What is on the host with this manager's mark and without an owner, by kind; missing until it was looked for."
            );
    }

    public SampledFigures Sampled { get; }

    private async Task<string?> LookAsync(CancellationToken cancellation)
    {
        var found = await _scan.LookAsync(cancellation);
        if (found.Problem is { } problem)
        {
            return problem.Detail;
        }

        _found = found.Value.CountBy(orphan => orphan.Kind).ToDictionary();
        return null;
    }

    private IEnumerable<Measurement<int>> Count() =>
        _found is not { } found
            ? []
            : Kinds.Select(kind => new Measurement<int>(found.GetValueOrDefault(kind), Label.Of("kind", kind)));
}
