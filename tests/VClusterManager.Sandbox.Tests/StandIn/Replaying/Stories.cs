namespace VClusterManager.Sandbox.Tests.StandIn.Replaying;

/// <summary>All that is replayed, in the order in which it was recorded.</summary>
internal static class Stories
{
    public static IReadOnlyList<Story> All { get; } =
    [
        .. CommandLineStories.All,
        .. EnvironmentStories.All,
        .. CreateStories.All,
        .. LifeStories.All,
        .. StateStories.All,
        .. ConnectStories.All,
        .. RightsStories.All,
        .. CrowdStories.All,
        .. DeleteStories.All,
        .. AccidentStories.All,
    ];
}
