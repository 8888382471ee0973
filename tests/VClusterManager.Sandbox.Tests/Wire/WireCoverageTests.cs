namespace VClusterManager.Sandbox.Tests.Wire;

/// <summary>No recording is left aside without a word.</summary>
public sealed class WireCoverageTests
{
    [Fact]
    public void Every_file_of_recordings_is_replayed()
    {
        var files = Directory.GetFiles(Recording.Folder, "*.txt").Select(Path.GetFileNameWithoutExtension);
        files.ShouldBe([.. Replay.Files, KubectlReplay.File], ignoreOrder: true);
    }

    [Fact]
    public void Every_exchange_in_a_file_is_read_and_has_a_title_of_its_own()
    {
        foreach (var file in Replay.Files)
        {
            var titles = File.ReadLines(Path.Combine(Recording.Folder, $"{file}.txt"))
                .Where(line => line.StartsWith("## ", StringComparison.Ordinal))
                .Select(line => line[3..]);
            Replay.Recordings.Where(one => one.File == file).Select(one => one.Title).ShouldBe(titles);
        }

        Replay.Recordings.Select(one => (one.File, one.Title)).ShouldBeUnique();
        var commands = File.ReadLines(Path.Combine(Recording.Folder, $"{KubectlReplay.File}.txt"));
        KubectlReplay.Recordings.Count.ShouldBe(
            commands.Count(line => line.StartsWith("$ kubectl ", StringComparison.Ordinal))
        );
    }

    [Fact]
    public void Every_exception_is_about_a_recording_that_is_there()
    {
        var titles = Replay.Recordings.Select(one => one.Title).ToHashSet(StringComparer.Ordinal);
        Excerpts.Titles.Where(title => !titles.Contains(title)).ShouldBeEmpty();
        var commands = KubectlReplay.Recordings.Select(one => one.Command).ToHashSet(StringComparer.Ordinal);
        KubectlReplay.OutputExceptions.Keys.Where(command => !commands.Contains(command)).ShouldBeEmpty();
    }
}
