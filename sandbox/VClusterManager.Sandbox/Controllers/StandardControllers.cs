using VClusterManager.Sandbox.Controllers.Loop;
using VClusterManager.Sandbox.Controllers.Namespaces;
using VClusterManager.Sandbox.Controllers.Network;
using VClusterManager.Sandbox.Controllers.Pods;
using VClusterManager.Sandbox.Controllers.Volumes;
using VClusterManager.Sandbox.Controllers.Workloads;

namespace VClusterManager.Sandbox.Controllers;

/// <summary>The controllers that every cluster has.</summary>
internal static class StandardControllers
{
    public static void AddTo(EmulatedCluster cluster)
    {
        var context = cluster.ControllerContext;
        IController[] controllers =
        [
            new NamespaceController(cluster.Registry),
            new NamespaceFurniture(cluster.Registry, cluster.Authority.CertificatePem),
            new GarbageCollector(context),
            new StatefulSetController(context),
            new DeploymentController(context),
            new ReplicaSetController(context),
            new DaemonSetController(context),
            new JobController(context),
            new VolumeController(context),
            new Scheduler(context),
            new NodeAgent(context, cluster.Containers),
            new EndpointsController(context),
            new QuotaController(context),
            new LegacyTokenController(context, cluster.ServiceAccountTokens, cluster.Authority.CertificatePem),
        ];
        foreach (var controller in controllers)
        {
            cluster.Controllers.Add(controller);
        }
    }
}
