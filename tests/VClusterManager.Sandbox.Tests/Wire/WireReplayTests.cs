namespace VClusterManager.Sandbox.Tests.Wire;

/// <summary>The emulated host answers as the real server did, to the byte.</summary>
public sealed class WireReplayTests(Replay replay) : IClassFixture<Replay>
{
    /// <summary>Headers that depend on how much of the API's documents is served, or on the wire itself.</summary>
    private static readonly string[] UnlikeHeaders = ["etag", "last-modified", "content-length"];

    public static TheoryData<string, string> All =>
        new(Replay.Recordings.Select(recording => (recording.File, recording.Title)));

    [Theory]
    [MemberData(nameof(All))]
    public void Every_recorded_exchange_is_answered_alike(string file, string title)
    {
        var recording = Replay.Recordings.Single(one => one.File == file && one.Title == title);
        var answer = replay.AnswerTo(recording);
        answer.Status.ShouldBe(recording.Status, answer.Body);
        var compared = recording.Headers.Where(header =>
            !UnlikeHeaders.Contains(header.Key) && header.Value != "application/vnd.kubernetes.protobuf"
        );
        foreach (var (name, value) in compared)
        {
            answer.Headers.GetValueOrDefault(name).ShouldBe(value, $"header {name}");
        }

        var expected = Sameness.Of(recording.Body);
        var actual = Sameness.Of(answer.Body.TrimEnd('\n'));
        if (Excerpts.HasCutLines(recording))
        {
            CompareCutLines(expected.Split('\n'), actual.Split('\n'));
            return;
        }

        if (Excerpts.Of(recording) is { } length)
        {
            expected = expected[..Math.Min(length, expected.Length)];
            actual = actual[..Math.Min(expected.Length, actual.Length)];
        }

        actual.ShouldBe(expected);
    }

    private static void CompareCutLines(string[] expected, string[] actual)
    {
        actual.Length.ShouldBe(expected.Length);
        for (var i = 0; i < expected.Length - 1; i++)
        {
            actual[i][..expected[i].Length].ShouldBe(expected[i]);
        }
    }
}
