using System.Collections.Concurrent;
using VClusterManager.Sandbox.Authentication;
using VClusterManager.Sandbox.Faults;
using VClusterManager.Sandbox.Listening;

namespace VClusterManager.Sandbox.VirtualClusters;

/// <summary>All virtual clusters of a host.</summary>
internal sealed class Fleet(ClusterListener listener, ClusterDirectory directory, ClusterSettings settings)
    : IDisposable
{
    private readonly ConcurrentDictionary<ClusterTarget, VirtualCluster> _clusters = [];

    public IReadOnlyCollection<VirtualCluster> All => [.. _clusters.Values];

    public VirtualCluster? Find(ClusterTarget target) => _clusters.GetValueOrDefault(target);

    /// <summary>The cluster of that name whose state lies there; one with other state gives way to a fresh one.</summary>
    public VirtualCluster Ensure(ClusterTarget target, string stateId)
    {
        if (Find(target) is { } known)
        {
            if (known.StateId == stateId)
            {
                return known;
            }

            Remove(target);
        }

        var authority = CertificateAuthority.Create($"{target.Name}-ca", settings.Time);
        return Add(target, stateId, authority, port: 0);
    }

    public VirtualCluster Add(ClusterTarget target, string stateId, CertificateAuthority authority, int port)
    {
        var cluster = new VirtualCluster(target, stateId, authority, listener.TakePort(port), settings);
        _clusters[target] = cluster;
        directory.Add(cluster.Port.Number, cluster.Materialise);
        return cluster;
    }

    public void Remove(ClusterTarget target)
    {
        if (_clusters.TryRemove(target, out var cluster))
        {
            directory.Remove(cluster.Port.Number);
            cluster.Dispose();
        }
    }

    public void ApplyPorts()
    {
        foreach (var cluster in _clusters.Values)
        {
            cluster.ApplyPort();
        }
    }

    public void Dispose()
    {
        foreach (var cluster in _clusters.Values)
        {
            cluster.Dispose();
        }
    }
}
