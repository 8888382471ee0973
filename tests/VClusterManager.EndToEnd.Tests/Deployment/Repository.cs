using System.Reflection;

namespace VClusterManager.EndToEnd.Tests.Deployment;

/// <summary>The files that are shipped beside the programs.</summary>
internal static class Repository
{
    public static string Folder { get; } =
        Path.GetFullPath(
            typeof(Repository)
                .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
                .First(metadata => metadata.Key == "RepositoryFolder")
                .Value!
        );

    public static string Manifests => Path.Combine(Folder, "k8s");

    public static string Chart => Path.Combine(Folder, "chart");

    /// <summary>The values with which the chart renders the manifests.</summary>
    public static string ManifestValues => Path.Combine(Chart, "ci", "manifests.yaml");

    public static string Read(params string[] path) => File.ReadAllText(Path.Combine([Folder, .. path]));
}
