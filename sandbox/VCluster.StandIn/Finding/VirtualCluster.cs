using System.Text.Json.Nodes;

namespace VCluster.StandIn.Finding;

/// <summary>A virtual cluster as its workload shows it.</summary>
internal sealed record VirtualCluster(
    string Name,
    string Namespace,
    string Context,
    string Status,
    string Version,
    DateTimeOffset Created
)
{
    public const string Paused = "Paused";
    public const string ScaledDown = "ScaledDown";
    public const string Sleeping = "Sleeping (workloads only)";

    /// <summary>The kube context that <c>connect</c> makes for it.</summary>
    public string OwnContext => ContextNames.For(Name, Namespace, Context);

    /// <summary>The tag of the syncer's image; empty when it has none.</summary>
    public static string VersionOf(JsonObject workload)
    {
        var containers = workload["spec"]?["template"]?["spec"]?["containers"] as JsonArray ?? [];
        var syncer = containers.FirstOrDefault(container => container?["name"]?.GetValue<string>() == "syncer");
        var parts = (syncer?["image"]?.GetValue<string>() ?? "").Split(':');
        return parts.Length == 2 ? parts[1] : "";
    }
}

/// <summary>Names of kube contexts: <c>vcluster_NAME_NAMESPACE_PARENT</c>.</summary>
internal static class ContextNames
{
    private const string Prefix = "vcluster_";

    public static string For(string name, string @namespace, string parent) => $"{Prefix}{name}_{@namespace}_{parent}";

    /// <summary>The context that a virtual cluster's context was made from; null for any other context.</summary>
    public static string? ParentOf(string context) =>
        !context.StartsWith(Prefix, StringComparison.Ordinal) ? null
        : context.Split('_', 4) is [_, _, _, var parent] ? parent
        : "";
}
