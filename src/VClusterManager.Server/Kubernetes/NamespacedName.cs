namespace VClusterManager.Server.Kubernetes;

/// <summary>The name of a namespaced object on the host, written <c>namespace/name</c>.</summary>
internal readonly record struct NamespacedName(string Namespace, string Name)
{
    public override string ToString() => $"{Namespace}/{Name}";
}
