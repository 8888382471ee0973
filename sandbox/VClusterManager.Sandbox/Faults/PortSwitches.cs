using VClusterManager.Sandbox.VirtualClusters;

namespace VClusterManager.Sandbox.Faults;

/// <summary>Opens and closes the clusters' ports as the faults have it.</summary>
internal sealed class PortSwitches(EmulatedCluster host, Fleet fleet, FaultBoard faults)
{
    /// <summary>The value that answers 503 rather than refuses connections.</summary>
    public const string Unavailable = "503";

    private readonly Lock _lock = new();

    /// <summary>Looked at and done in one: who looked before a change must not switch after it.</summary>
    public void Apply()
    {
        lock (_lock)
        {
            if (faults.FindExactly(FaultNames.ApiAway, ClusterTarget.Everything) is { } value && value != Unavailable)
            {
                host.Port.Close();
            }
            else
            {
                host.Port.Open();
            }
        }

        fleet.ApplyPorts();
    }
}
