using System.Reflection;

namespace VClusterManager.Bench.World;

/// <summary>Where the build put the programs; the build itself says so.</summary>
internal static class BuildPaths
{
    public static string Sandbox => Path.Combine(Folder("SandboxFolder"), "VClusterManager.Sandbox");

    public static string Server => Path.Combine(Folder("ServerFolder"), "vcluster-manager");

    public static string Bare => Path.Combine(Folder("BareFolder"), "BareKestrel");

    private static string Folder(string key) =>
        typeof(BuildPaths)
            .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .First(metadata => metadata.Key == key)
            .Value!;
}
