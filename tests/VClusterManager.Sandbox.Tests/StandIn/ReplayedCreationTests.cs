using VClusterManager.Sandbox.Tests.StandIn.Replaying;

namespace VClusterManager.Sandbox.Tests.StandIn;

public sealed class ReplayedCreationTests
{
    public static TheoryData<string> Titles =>
        Story.TitlesOf(CommandLineStories.All, EnvironmentStories.All, CreateStories.All, RightsStories.All);

    [Theory]
    [MemberData(nameof(Titles))]
    public Task Starting_out_is_as_it_was_recorded(string title) => Story.PlayAsync(title);
}
