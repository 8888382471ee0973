namespace VClusterManager.Server.Tests.Architecture;

/// <summary>The rooms of the server, which are its namespaces.</summary>
internal static class Rooms
{
    private const string Root = "VClusterManager.Server";

    /// <summary>What every feature stands on; they know no feature.</summary>
    public static IReadOnlyList<string> Mechanisms { get; } =
    [
        "Configuration",
        "Identity",
        "Http",
        "Storage",
        "VCluster",
        "Kubernetes",
        "Processes",
        "Work",
        "Observability",
        "Audit",
    ];

    /// <summary>What people came for; they know mechanisms and Clusters, and not each other.</summary>
    public static IReadOnlyList<string> Features { get; } =
    ["Clusters", "Operations", "Webhooks", "DynamicEndpoints", "Access", "Dashboard"];

    /// <summary>
    /// <see langword="null"/>: not the server's own; empty: where the server is put together (and what the compiler
    /// adds to an assembly).
    /// </summary>
    public static string? Of(Type type)
    {
        if (type.Assembly != typeof(Server.Configuration.ConfigurationSources).Assembly)
        {
            return null;
        }

        var space = type.Namespace ?? "";
        return space.StartsWith(Root + ".", StringComparison.Ordinal) ? space[(Root.Length + 1)..].Split('.')[0] : "";
    }
}
