using System.Collections.Concurrent;

namespace VClusterManager.Sandbox.Listening;

/// <summary>Whose port is whose. A cluster may come into being only when someone first connects to its port.</summary>
internal sealed class ClusterDirectory
{
    private readonly ConcurrentDictionary<int, Func<EmulatedCluster>> _clusters = [];

    public void Add(int port, Func<EmulatedCluster> cluster) => _clusters[port] = cluster;

    public void Remove(int port) => _clusters.TryRemove(port, out _);

    public EmulatedCluster? At(int port) => _clusters.TryGetValue(port, out var cluster) ? cluster() : null;
}
