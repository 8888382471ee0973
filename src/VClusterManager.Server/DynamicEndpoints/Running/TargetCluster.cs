using VClusterManager.Server.Kubernetes;

namespace VClusterManager.Server.DynamicEndpoints.Running;

/// <summary>The virtual cluster that a call is for.</summary>
/// <param name="Id">Tells it from every other one, also from one of the same name before or after it.</param>
/// <param name="Kubeconfig">Secret: it goes into a file that only the command can read.</param>
internal sealed record TargetCluster(NamespacedName Key, string Id, string Kubeconfig);
