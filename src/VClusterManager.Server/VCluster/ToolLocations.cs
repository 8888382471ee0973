using VClusterManager.Server.Configuration;
using VClusterManager.Server.Processes;

namespace VClusterManager.Server.VCluster;

/// <summary>Where the tools are: as configured, else on the search path. Looked up anew each time, since one may be installed meanwhile.</summary>
internal sealed class ToolLocations(VClusterOptions options)
{
    public ToolLocation VCluster => new("vcluster", "executable", options.Executable);

    public ToolLocation Helm => new("helm", "helm", options.Helm);

    public ToolLocation Kubectl => new("kubectl", "kubectl", options.Kubectl);
}

/// <param name="Name">As people call it.</param>
/// <param name="Key">Its key below <c>vcluster</c>.</param>
/// <param name="Configured"><see langword="null"/>: on the search path.</param>
internal sealed record ToolLocation(string Name, string Key, string? Configured)
{
    /// <summary>The absolute path of the executable; <see langword="null"/> when it is not there.</summary>
    public string? Find() => ToolPath.Find(Configured ?? Name);

    /// <summary>Why <see cref="Find"/> finds nothing, and what to do about it.</summary>
    public string Missing =>
        Configured is null
            ? $"{Name} was not found on PATH; set vcluster.{Key} ({Variable})"
            : $"{Name} was not found: vcluster.{Key} ({Variable}) names {Configured}, which is not an executable file";

    private string Variable => $"VCM__VCLUSTER__{Key.ToUpperInvariant()}";
}
