using VClusterManager.Sandbox.Tests.StandIn.Replaying;

namespace VClusterManager.Sandbox.Tests.StandIn;

public sealed class TranscriptCoverageTests
{
    private static readonly Dictionary<string, string> Exceptions = File.ReadAllLines(
            Path.Combine(Transcript.Folder, "exceptions.txt")
        )
        .Where(line => line.Length > 0 && !line.StartsWith('#'))
        .Select(line => line.Split(": ", 2))
        .ToDictionary(parts => parts[0], parts => parts.ElementAtOrDefault(1) ?? "");

    [Fact]
    public void Every_recorded_call_is_replayed_or_excepted_with_a_reason()
    {
        var replayed = Replayed();
        Transcript.AllNames.Where(name => !replayed.Contains(name) && !Exceptions.ContainsKey(name)).ShouldBeEmpty();
        Exceptions.Values.ShouldAllBe(reason => reason.Length > 20);
    }

    [Fact]
    public void Nothing_is_excepted_that_is_replayed_or_was_never_recorded()
    {
        var replayed = Replayed();
        Exceptions.Keys.Where(replayed.Contains).ShouldBeEmpty();
        Exceptions.Keys.Except(Transcript.AllNames).ShouldBeEmpty();
    }

    [Fact]
    public void Every_story_is_told_once() => Stories.All.Select(story => story.Title).ShouldBeUnique();

    private static HashSet<string> Replayed() => [.. Stories.All.SelectMany(story => story.Transcripts)];
}
