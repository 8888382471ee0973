using VClusterManager.Sandbox.Tests.StandIn.Replaying;

namespace VClusterManager.Sandbox.Tests.StandIn;

public sealed class ReplayedLifeTests
{
    public static TheoryData<string> Titles =>
        Story.TitlesOf(LifeStories.All, StateStories.All, ConnectStories.All, CrowdStories.All);

    [Theory]
    [MemberData(nameof(Titles))]
    public Task A_cluster_s_life_is_as_it_was_recorded(string title) => Story.PlayAsync(title);
}
