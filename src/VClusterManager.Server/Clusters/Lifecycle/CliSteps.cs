using VClusterManager.Server.VCluster;

namespace VClusterManager.Server.Clusters.Lifecycle;

/// <summary>What a verdict of the CLI means for a step, where the step itself does not know better. Pure.</summary>
internal static class CliSteps
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LockPause = TimeSpan.FromSeconds(2);

    public static StepResult Meaning(CliResult result) =>
        result.Verdict switch
        {
            // Look once more: what the host shows decides, not what the CLI says.
            CliVerdict.Done or CliVerdict.AlreadyExists or CliVerdict.Raced => new StepResult.Retry(
                TimeSpan.Zero,
                result.Message
            ),
            CliVerdict.NotFoundOrUnreadable or CliVerdict.NotPausedOrUnreadable => new StepResult.Retry(
                Soon,
                result.Message
            ),
            CliVerdict.LockHeld => new StepResult.Retry(LockPause, "Helm is busy with this release: " + result.Message),
            CliVerdict.HostUnreachable => new StepResult.Retry(
                LockPause,
                "The host cannot be reached: " + result.Message,
                OutOfSight: true
            ),
            CliVerdict.Cancelled => new StepResult.Interrupted(),
            CliVerdict.ValuesRejected => new StepResult.Stalled("The values are rejected: " + result.Message),
            CliVerdict.NamespaceTaken => new StepResult.Stalled("The namespace is taken: " + result.Message),
            CliVerdict.Forbidden => new StepResult.Stalled("The host refuses: " + result.Message),
            CliVerdict.ToolBroken => new StepResult.Stalled("The tools on the server do not work: " + result.Message),
            CliVerdict.TimedOut => new StepResult.Failed(
                $"The vcluster CLI did not end within {result.Run.Duration.TotalSeconds:0} s and was stopped."
            ),
            _ => new StepResult.Failed(result.Message),
        };
}
