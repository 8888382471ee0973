using VClusterManager.Sandbox.Api;
using VClusterManager.Sandbox.Controllers.Loop;
using VClusterManager.Sandbox.Faults;
using VClusterManager.Sandbox.Resources;
using VClusterManager.Sandbox.Store;

namespace VClusterManager.Sandbox.Controllers.Workloads;

/// <summary>The refusal of what a control plane needs when its quota is used up, in the words of the real server.</summary>
internal static class QuotaFault
{
    /// <exception cref="StatusException">The fault is on for the virtual cluster that the workload is.</exception>
    public static void Check(ControllerContext context, ResourceDefinition resource, StoredObject workload, string name)
    {
        var cluster = Owners.VirtualClusterOf(workload);
        if (cluster.Length > 0 && context.Faults.IsOn(FaultNames.Quota, workload.Namespace, cluster))
        {
            var count = $"count/{resource.Plural}";
            var why = $"exceeded quota: vc-{cluster}, requested: {count}=1, used: {count}=20, limited: {count}=20";
            throw Refusals.Forbidden(resource.Plural, resource.Group, name, why);
        }
    }
}
