namespace VClusterManager.Sandbox.Tests.Wire;

/// <summary>kubectl asks the emulated host what it asked the real server, and prints the same.</summary>
public sealed class KubectlReplayTests(KubectlReplay replay) : IClassFixture<KubectlReplay>
{
    public static TheoryData<string> All => new(KubectlReplay.Recordings.Select(recording => recording.Command));

    [Theory]
    [MemberData(nameof(All))]
    public void Every_recorded_command_goes_as_it_went(string command)
    {
        var recording = KubectlReplay.Recordings.Single(one => one.Command == command);
        var answer = replay.AnswerTo(command);
        answer.Requests.ShouldBe(recording.Requests);
        if (!KubectlReplay.OutputExceptions.ContainsKey(command))
        {
            answer.Output.ShouldBe(recording.Output);
        }
    }
}
