using System.Reflection;

namespace VClusterManager.Sandbox.Running;

/// <summary>Where the build put the programs that run beside this one; the build itself says so.</summary>
internal static class BuildPaths
{
    public static string Server => Path.Combine(Folder("ServerFolder"), Executable("vcluster-manager"));

    /// <summary>The dynamic endpoints that come with the manager.</summary>
    public static string Endpoints => Path.Combine(Folder("ServerFolder"), "config", "endpoints.yaml");

    public static string VCluster => Path.Combine(Folder("StandInFolder"), Executable("vcluster"));

    public static string Helm => Path.Combine(Folder("StandInFolder"), Executable("helm"));

    private static string Folder(string key) =>
        typeof(BuildPaths)
            .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .First(metadata => metadata.Key == key)
            .Value!;

    private static string Executable(string name) => OperatingSystem.IsWindows() ? $"{name}.exe" : name;
}
