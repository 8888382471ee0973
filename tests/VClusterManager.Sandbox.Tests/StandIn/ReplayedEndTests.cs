using VClusterManager.Sandbox.Tests.StandIn.Replaying;

namespace VClusterManager.Sandbox.Tests.StandIn;

public sealed class ReplayedEndTests
{
    public static TheoryData<string> Titles => Story.TitlesOf(DeleteStories.All, AccidentStories.All);

    [Theory]
    [MemberData(nameof(Titles))]
    public Task Ends_and_accidents_are_as_they_were_recorded(string title) => Story.PlayAsync(title);
}
