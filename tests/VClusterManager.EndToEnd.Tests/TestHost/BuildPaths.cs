using System.Reflection;

namespace VClusterManager.EndToEnd.Tests.TestHost;

/// <summary>Where the build put the programs, and where the tools lie; the build itself says so.</summary>
internal static class BuildPaths
{
    public static string Sandbox => Program("SandboxFolder", "VClusterManager.Sandbox");

    public static string Server => Program("ServerFolder", "vcluster-manager");

    public static string Cli => Program("CliFolder", "vcm");

    public static string Kubectl => Tool("kubectl");

    public static string Helm => Tool("helm");

    private static string Tool(string name)
    {
        var path = Path.GetFullPath(Path.Combine(Folder("ToolsFolder"), name, name));
        return File.Exists(path)
            ? path
            : throw new InvalidOperationException($"There is no {path}: run eng/tools.sh, which fetches it.");
    }

    private static string Program(string folder, string name)
    {
        var path = Path.Combine(Folder(folder), name);
        return File.Exists(path)
            ? path
            : throw new InvalidOperationException($"There is no {path}: build VClusterManager.slnx first.");
    }

    private static string Folder(string key) =>
        typeof(BuildPaths)
            .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .First(metadata => metadata.Key == key)
            .Value!;
}
