namespace VClusterManager.Sandbox.Tests.StandIn.Replaying;

/// <summary>A cluster between its creation and its end: looked at, paused, resumed, broken, connected to.</summary>
internal static class LifeStories
{
    public static IReadOnlyList<Story> All { get; } =
    [
        new(
            "Looked at, paused and resumed",
            new Do(stage => stage.CreateClusterAsync("demo", "demo")),
            new Replay("40-list-json-1-ns"),
            new Replay("40-list-table-1-ns"),
            new Replay("41-describe"),
            new Replay("41-describe-json"),
            new Replay("41-describe-yaml"),
            new Replay("41-describe-config-only"),
            new Replay("41-describe-missing"),
            new Replay("42-pause"),
            new Replay("42-list-json-paused"),
            new Replay("42-list-table-paused"),
            new Replay("42-describe-json-paused"),
            new Replay("42-pause-again"),
            new Replay("42-create-while-paused"),
            new Replay("42-create-upgrade-while-paused"),
            new Replay("42-list-after-upgrade-while-paused"),
            new Replay("43-resume"),
            new Do(stage => stage.UntilPodAsync("demo", "demo", "Running")),
            new Replay("43-list-json-resumed"),
            new Replay("43-resume-again"),
            new Replay("43-resume-missing"),
            new Replay("43-pause-missing"),
            new Replay("44-pause-no-namespace-flag"),
            new Replay("44-resume-no-namespace-flag")
        ),
    ];
}
