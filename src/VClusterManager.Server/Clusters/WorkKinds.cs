namespace VClusterManager.Server.Clusters;

/// <summary>The kinds of work items of this room.</summary>
internal static class WorkKinds
{
    public const string Cluster = "cluster";

    /// <summary>What time asks of a cluster.</summary>
    public const string Clock = "clock";

    /// <summary>The look for clusters whose end was missed; there is one.</summary>
    public const string Prune = "prune";
}
