using System.Collections.Frozen;

namespace VClusterManager.Sandbox.Resources;

/// <summary>Every resource that the emulated API serves, in the order in which discovery lists the groups.</summary>
internal static class ResourceCatalog
{
    public static IReadOnlyList<ResourceDefinition> All { get; } = [.. CoreResources.All, .. GroupedResources.All];

    /// <summary>The groups beside the core, in the order in which the server lists them.</summary>
    public static IReadOnlyList<string> GroupNames { get; } =
    [.. All.Select(resource => resource.Group).Where(group => group.Length > 0).Distinct()];

    private static readonly FrozenDictionary<(string, string, string), ResourceDefinition> ByAddress =
        All.ToFrozenDictionary(resource => (resource.Group, resource.Version, resource.Plural));

    private static readonly FrozenDictionary<(string, string), ResourceDefinition> ByKind = All.Where(resource =>
            resource.Stored
        )
        .ToFrozenDictionary(resource => (resource.ApiVersion, resource.Kind));

    private static readonly FrozenDictionary<(string, string), ResourceDefinition[]> ByGroupVersion = All.GroupBy(
            resource => (resource.Group, resource.Version)
        )
        .ToFrozenDictionary(
            group => group.Key,
            group => group.OrderBy(resource => resource.Plural, StringComparer.Ordinal).ToArray()
        );

    /// <summary>Those that have a place of their own in the store.</summary>
    public static IReadOnlyList<ResourceDefinition> InStore { get; } =
    [.. All.Where(resource => resource is { Stored: true, StoredAs: null })];

    public static ResourceDefinition Namespaces { get; } = Get("", "namespaces");
    public static ResourceDefinition Pods { get; } = Get("", "pods");
    public static ResourceDefinition Services { get; } = Get("", "services");
    public static ResourceDefinition Secrets { get; } = Get("", "secrets");
    public static ResourceDefinition ConfigMaps { get; } = Get("", "configmaps");
    public static ResourceDefinition ServiceAccounts { get; } = Get("", "serviceaccounts");
    public static ResourceDefinition Claims { get; } = Get("", "persistentvolumeclaims");
    public static ResourceDefinition Volumes { get; } = Get("", "persistentvolumes");
    public static ResourceDefinition Events { get; } = Get("", "events");
    public static ResourceDefinition Nodes { get; } = Get("", "nodes");
    public static ResourceDefinition Leases { get; } = Get("coordination.k8s.io", "leases");

    public static ResourceDefinition Endpoints { get; } = Get("", "endpoints");
    public static ResourceDefinition Quotas { get; } = Get("", "resourcequotas");
    public static ResourceDefinition LimitRanges { get; } = Get("", "limitranges");
    public static ResourceDefinition StatefulSets { get; } = Get("apps", "statefulsets");
    public static ResourceDefinition Deployments { get; } = Get("apps", "deployments");
    public static ResourceDefinition ReplicaSets { get; } = Get("apps", "replicasets");
    public static ResourceDefinition Revisions { get; } = Get("apps", "controllerrevisions");
    public static ResourceDefinition Roles { get; } = Get("rbac.authorization.k8s.io", "roles");
    public static ResourceDefinition RoleBindings { get; } = Get("rbac.authorization.k8s.io", "rolebindings");
    public static ResourceDefinition ClusterRoles { get; } = Get("rbac.authorization.k8s.io", "clusterroles");
    public static ResourceDefinition ClusterRoleBindings { get; } =
        Get("rbac.authorization.k8s.io", "clusterrolebindings");
    public static ResourceDefinition StorageClasses { get; } = Get("storage.k8s.io", "storageclasses");
    public static ResourceDefinition EndpointSlices { get; } = Get("discovery.k8s.io", "endpointslices");

    public static ResourceDefinition? Find(string group, string version, string plural) =>
        ByAddress.GetValueOrDefault((group, version, plural));

    public static ResourceDefinition? FindKind(string apiVersion, string kind) =>
        ByKind.GetValueOrDefault((apiVersion, kind));

    /// <summary>The resources of a group version by name.</summary>
    public static IReadOnlyList<ResourceDefinition> In(string group, string version) =>
        ByGroupVersion.GetValueOrDefault((group, version)) ?? [];

    /// <summary>The versions of a group, the preferred one first.</summary>
    public static IReadOnlyList<string> VersionsOf(string group) =>
        [.. All.Where(resource => resource.Group == group).Select(resource => resource.Version).Distinct()];

    private static ResourceDefinition Get(string group, string plural) =>
        All.First(resource => resource.Group == group && resource.Plural == plural);
}
