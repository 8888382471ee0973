namespace VClusterManager.Sandbox.Resources;

/// <summary>The usual shapes of resources, to describe them briefly.</summary>
internal static class ResourceForms
{
    public static readonly string[] GetPatchUpdate = ["get", "patch", "update"];
    public static readonly string[] CreateGet = ["create", "get"];
    public static readonly string[] CreateOnly = ["create"];
    public static readonly string[] ProxyVerbs = ["create", "delete", "get", "patch", "update"];

    public static ResourceDefinition Namespaced(string group, string plural, string kind, params string[] shortNames) =>
        new(group, "v1", plural, kind, Namespaced: true) { ShortNames = shortNames };

    public static ResourceDefinition Clustered(string group, string plural, string kind, params string[] shortNames) =>
        new(group, "v1", plural, kind, Namespaced: false) { ShortNames = shortNames };

    /// <summary>A question that is posed by creating it and is not kept.</summary>
    public static ResourceDefinition Question(string group, string plural, string kind, bool namespaced = false) =>
        new(group, "v1", plural, kind, namespaced) { Verbs = CreateOnly };

    public static ResourceDefinition WithStatus(this ResourceDefinition resource) =>
        resource with
        {
            Subresources = [.. resource.Subresources, Status(resource.Kind)],
        };

    public static ResourceDefinition WithScale(this ResourceDefinition resource) =>
        resource with
        {
            Subresources = [.. resource.Subresources, Scale()],
        };

    public static ResourceDefinition InAll(this ResourceDefinition resource) => resource with { Categories = ["all"] };

    public static ResourceDefinition InExtensions(this ResourceDefinition resource) =>
        resource with
        {
            Categories = ["api-extensions"],
        };

    public static SubresourceDefinition Status(string kind) => new("status", kind, GetPatchUpdate);

    private static SubresourceDefinition Scale() =>
        new("scale", "Scale", GetPatchUpdate) { Group = "autoscaling", Version = "v1" };
}
