using VCluster.StandIn.Faults;

namespace VClusterManager.Sandbox.Tests.StandIn.Replaying;

/// <summary>Calls that were recorded one after the other on one host, with what was done to the host in between.</summary>
internal sealed record Story(string Title, params IReadOnlyList<Step> Steps)
{
    public EmulatedHostOptions Options { get; init; } = new();

    /// <summary>The transcripts that it replays.</summary>
    public IEnumerable<string> Transcripts => Steps.SelectMany(step => step.Transcripts);

    /// <summary>The titles of some stories, for a test that plays each of them.</summary>
    public static TheoryData<string> TitlesOf(params IEnumerable<IReadOnlyList<Story>> stories) =>
        [.. stories.SelectMany(list => list).Select(story => story.Title)];

    public static Task PlayAsync(string title) => Stories.All.Single(story => story.Title == title).PlayAsync();

    /// <summary>Plays all of it, even past steps that differ, and tells every difference.</summary>
    private async Task PlayAsync()
    {
        await using var stage = await Stage.SetAsync(Options);
        List<string> differences = [];
        foreach (var step in Steps)
        {
            differences.AddRange(await step.PlayAsync(stage));
        }

        if (differences.Count > 0)
        {
            Assert.Fail(string.Join("\n\n", differences));
        }
    }
}

/// <summary>One thing that happens in a story.</summary>
internal abstract record Step
{
    public virtual IEnumerable<string> Transcripts => [];

    /// <summary>Does it; what comes back are the differences from what was recorded.</summary>
    public abstract Task<IReadOnlyList<string>> PlayAsync(Stage stage);
}

/// <summary>Something other than a call: a change of the host, of the environment, or a wait.</summary>
internal sealed record Do(Func<Stage, Task> Act) : Step
{
    public Do(Action<Stage> act)
        : this(stage =>
        {
            act(stage);
            return Task.CompletedTask;
        }) { }

    public override async Task<IReadOnlyList<string>> PlayAsync(Stage stage)
    {
        await Act(stage);
        return [];
    }
}

/// <summary>A call that is compared with its transcript.</summary>
internal sealed record Replay(string Name) : Step
{
    /// <summary>What happens while the call runs.</summary>
    public Func<Stage, StandInProcess, Task>? Meanwhile { get; init; }

    /// <summary>The words to run in place of the recorded ones, where those name something of the recording machine.</summary>
    public Func<Stage, IReadOnlyList<string>>? Words { get; init; }

    /// <summary>How often it may be tried until it is as recorded: for states that come and go.</summary>
    public int Tries { get; init; } = 1;

    public override IEnumerable<string> Transcripts => [Name];

    public override async Task<IReadOnlyList<string>> PlayAsync(Stage stage)
    {
        var transcript = Transcript.Read(Name);
        string? difference = null;
        for (var i = 0; i < Tries; i++)
        {
            difference = Comparison.Differences(stage, transcript, await RunAsync(stage, transcript));
            if (difference is null)
            {
                return [];
            }
        }

        return [difference!];
    }

    private async Task<Outcome> RunAsync(Stage stage, Transcript transcript)
    {
        await using var process = stage.Start(Words?.Invoke(stage) ?? CommandWords.Split(transcript.CommandLine));
        if (Meanwhile is not null)
        {
            await Meanwhile(stage, process);
        }

        return await process.EndAsync();
    }
}

/// <summary>
/// Calls that ran at the same time. Every helm has looked and decided before the first of them takes its lock, and then
/// they go on one after the other, so that the first named is the one that wins.
/// </summary>
internal sealed record Race(params IReadOnlyList<string> Names) : Step
{
    /// <summary>What is waited for between the start of the first and that of the others.</summary>
    public Func<Stage, Task> AfterFirst { get; init; } = _ => Task.CompletedTask;

    public override IEnumerable<string> Transcripts => Names;

    public override async Task<IReadOnlyList<string>> PlayAsync(Stage stage)
    {
        List<(Transcript Transcript, Gate Gate, StandInProcess Process)> runners = [];
        try
        {
            foreach (var transcript in Names.Select(Transcript.Read))
            {
                var gate = new Gate(stage, transcript.Name);
                stage.Environment[HelmFault.Variable] = gate.Fault;
                runners.Add((transcript, gate, stage.Start(CommandWords.Split(transcript.CommandLine))));
                await AfterFirst(stage);
            }

            foreach (var runner in runners)
            {
                await runner.Gate.UntilReachedAsync();
            }

            List<string?> differences = [];
            foreach (var (transcript, gate, process) in runners)
            {
                gate.Open();
                differences.Add(Comparison.Differences(stage, transcript, await process.EndAsync()));
            }

            return [.. differences.OfType<string>()];
        }
        finally
        {
            stage.ResetEnvironment();
            foreach (var (_, gate, process) in runners)
            {
                await process.DisposeAsync();
                gate.Dispose();
            }
        }
    }
}
