namespace VClusterManager.Server.Kubernetes;

/// <summary>An object on the host that belongs to a virtual cluster and is still there.</summary>
/// <param name="Kind">As Kubernetes names it: <c>PersistentVolumeClaim</c>.</param>
/// <param name="Namespace"><see langword="null"/> for objects of the whole host.</param>
/// <param name="Finalizers">What holds it, when it is on its way out.</param>
internal sealed record HostTrace(
    string Kind,
    string? Namespace,
    string Name,
    string Uid,
    bool Deleting,
    IReadOnlyList<string> Finalizers
)
{
    public override string ToString() => Namespace is null ? $"{Kind} {Name}" : $"{Kind} {Namespace}/{Name}";
}
