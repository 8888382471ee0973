namespace VClusterManager.Sandbox.Tests.StandIn.Replaying;

/// <summary>What is said before anything is done: versions, help, wrong arguments, drivers that are not there.</summary>
internal static class CommandLineStories
{
    public static IReadOnlyList<Story> All { get; } =
    [
        new(
            "Versions and help",
            new Replay("01-version"),
            new Replay("01-version-cmd"),
            new Replay("02-help-root"),
            new Replay("02-help-create"),
            new Replay("02-help-delete"),
            new Replay("02-help-pause"),
            new Replay("02-help-resume"),
            new Replay("02-help-list"),
            new Replay("02-help-describe"),
            new Replay("02-help-connect"),
            new Replay("02-help-disconnect"),
            new Replay("11-telemetry-disable")
        ),
        new(
            "Arguments that cannot be understood",
            new Replay("24-create-noname"),
            new Replay("24-create-twonames"),
            new Replay("25-create-kubernetes-version-flag"),
            new Replay("28-create-unknown-flag"),
            new Replay("60-delete-noname"),
            new Replay("41-describe-bad-output"),
            new Replay("85-driver-docker"),
            new Replay("85-driver-nonsense"),
            new Replay("85-driver-platform")
        ),
        new(
            "An empty host",
            new Replay("10-list-table-0"),
            new Replay("10-list-json-0"),
            new Replay("10-list-json-0-ns"),
            new Replay("10-list-output-yaml"),
            new Replay("10-list-silent"),
            new Replay("10-list-logoutput-json"),
            new Replay("11-quiet-list"),
            new Replay("95-perf-list-0-1")
        ),
    ];
}
