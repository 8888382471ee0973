using VClusterManager.Server.Kubernetes;

namespace VClusterManager.Server.Clusters.Preflight;

/// <summary>Rights that are needed for one thing.</summary>
/// <param name="Groups">Empty text: the core group.</param>
/// <param name="Without">What does not work without them, as the end of a sentence; <see langword="null"/>: the verbs tell.</param>
internal sealed record RightsRule(string[] Groups, string[] Resources, string[] Verbs, string? Without = null)
{
    /// <summary>One by one.</summary>
    /// <param name="namespace"><see langword="null"/>: in all of them.</param>
    public IEnumerable<HostRight> Rights(string? @namespace = null) =>
        from @group in Groups
        from resource in Resources
        from verb in Verbs
        select new HostRight(@group, resource, verb, @namespace);
}
