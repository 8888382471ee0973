using VClusterManager.Server.Storage;
using VClusterManager.Server.Work;

namespace VClusterManager.Server.Clusters.Lifecycle;

/// <summary>
/// Runs an operation's steps as far as they go now. Every run begins with the first step again: each looks at the host
/// before it acts, so a step that is done costs a look in memory, and one that a crash left half done is carried on.
/// <code>
///   all done        -> succeeded, and with it every create or update whose generation was reached
///   retry           -> the message is saved when it changed; looked at again later, or when the host shows a change
///   failed          -> tried again a few times, then failed
///   stalled, late   -> failed, with the reason
///   no CLI slot     -> keeps its place in the queue
///   another drives  -> a delete came in between: the next run is that one's
/// </code>
/// </summary>
internal sealed partial class OperationRun(
    StepPlan plan,
    StepLimits limits,
    StepSaves steps,
    OperationEnd end,
    OperationLog log,
    CliSlots slots,
    HostOutages outages,
    TimeProvider time,
    ILogger<OperationRun> logger
)
{
    private const int MaxFailures = 3;

    public async Task<WorkOutcome> RunAsync(WorkContext context, ClusterSnapshot snapshot)
    {
        using var run = new RunningOperation(context, snapshot, slots);
        using var scope = logger.BeginScope(OperationTrace.FieldsOf(run.Operation));
        using var span = OperationTrace.Begin(run.Operation);
        if (run.Operation.CancelRequested)
        {
            await end.CancelAsync(run);
            Log.Cancelled(logger, run.Operation.Kind);
            return WorkOutcome.Again(TimeSpan.Zero);
        }
        if (Rest(run.Operation) is { } rest)
        {
            return WorkOutcome.Again(rest);
        }
        if (run.Operation.State == OperationState.Queued)
        {
            if (!run.TakeSlot())
            {
                return WorkOutcome.Again(CliSlots.Pause);
            }
            await steps.BeginAsync(run);
            Log.Begins(logger, run.Operation.Kind, run.Operation.CreatedBy);
        }
        RunResult result;
        // The log is whole before the end of the operation is told: who follows it stops reading there.
        await using (var writer = log.Open(run.OperationId, logger))
        {
            result = await RunStepsAsync(run, writer);
            if (result is RunResult.Failed failed)
            {
                writer.Write("manager", $"Failed: {failed.Why}");
            }
        }
        return await EndAsync(run, result);
    }

    private async Task<RunResult> RunStepsAsync(RunningOperation run, OperationLogWriter writer)
    {
        foreach (var step in plan.For(run.Operation.Kind))
        {
            if (run.IsOvertaken)
            {
                return new RunResult.Later(WorkOutcome.Again(TimeSpan.Zero));
            }
            var began = time.GetUtcNow();
            var result = await RunStepAsync(run, step, writer);
            if (await TakeAsync(run, step, result, began) is { } over)
            {
                return run.IsOvertaken ? new RunResult.Later(WorkOutcome.Again(TimeSpan.Zero)) : over;
            }
        }
        return run.IsOvertaken ? new RunResult.Later(WorkOutcome.Again(TimeSpan.Zero)) : new RunResult.Succeeded();
    }

    private async Task<WorkOutcome> EndAsync(RunningOperation run, RunResult result)
    {
        switch (result)
        {
            case RunResult.Succeeded:
                await end.SucceedAsync(run);
                Log.Succeeded(logger, run.Operation.Kind);
                return WorkOutcome.Again(TimeSpan.Zero);
            case RunResult.Failed failed:
                await end.FailAsync(run, failed.Step, failed.Why);
                Log.Failed(logger, run.Operation.Kind, failed.Step, failed.Why);
                return WorkOutcome.Again(TimeSpan.Zero);
            case RunResult.Later later:
                return later.Outcome;
            default:
                throw new InvalidOperationException("A run without a result.");
        }
    }

    private async Task<StepResult> RunStepAsync(RunningOperation run, IStep step, OperationLogWriter writer)
    {
        using var span = OperationTrace.Begin(step);
        var result = await AttemptAsync(run, step, writer);
        OperationTrace.End(span, result);
        return result;
    }

    private async Task<StepResult> AttemptAsync(RunningOperation run, IStep step, OperationLogWriter writer)
    {
        try
        {
            return await step.RunAsync(
                new StepContext(
                    run.Row,
                    run.Operation,
                    writer,
                    run.Findings,
                    run.StepOf(step).StartedAt is { } started ? time.GetUtcNow() - started : TimeSpan.Zero,
                    message => steps.ShowAsync(run, step, message),
                    run.TakeSlot,
                    run.Context.Stop
                )
            );
        }
        catch (OperationCanceledException) when (run.Context.Stop.IsCancellationRequested)
        {
            return new StepResult.Interrupted();
        }
    }

    /// <summary>Saves what came of a step. With a result the run is over; without, the next step follows.</summary>
    private async Task<RunResult?> TakeAsync(RunningOperation run, IStep step, StepResult result, DateTimeOffset began)
    {
        switch (result)
        {
            case StepResult.Done done:
                await steps.DoneAsync(run, step, done);
                return null;
            case StepResult.Retry retry:
                await steps.WaitsAsync(run, step, retry);
                return GivenUp(run, step, began) is { } why
                    ? new RunResult.Failed(step.Name, why)
                    : new RunResult.Later(WorkOutcome.Again(retry.After));
            case StepResult.Failed failed:
                var rest = await steps.WentWrongAsync(run, step, failed);
                return run.StepOf(step).Failures >= MaxFailures
                    ? new RunResult.Failed(step.Name, failed.Message)
                    : new RunResult.Later(WorkOutcome.Again(rest));
            case StepResult.Stalled stalled:
                return new RunResult.Failed(step.Name, stalled.Message);
            case StepResult.NoSlot:
                return new RunResult.Later(WorkOutcome.Again(CliSlots.Pause));
            default:
                return new RunResult.Later(WorkOutcome.Again(TimeSpan.Zero));
        }
    }

    /// <summary>How long a step that went wrong still rests, whatever the host shows meanwhile.</summary>
    private TimeSpan? Rest(OperationRow operation) =>
        operation.Steps.Find(s => s.NextTryAt > time.GetUtcNow())?.NextTryAt - time.GetUtcNow();

    /// <summary>Why the step is given up; null: it is not. Time in which the host could not be read does not count.</summary>
    /// <remarks>
    /// What was begun in time and ended too late is looked at once more: a run of the CLI may have made true what it waits
    /// for, and only the next look sees it.
    /// </remarks>
    private string? GivenUp(RunningOperation run, IStep step, DateTimeOffset began)
    {
        var row = run.StepOf(step);
        if (row.HopelessSince is { } since && began - Later(since, outages.FreshSince) >= limits.Problem)
        {
            return row.Message;
        }
        return row.Deadline is { } deadline && began >= Later(deadline, outages.FreshSince + step.Limit)
            ? $"Not done within {step.Limit.TotalSeconds:0} s: {row.Message}"
            : null;
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    private abstract record RunResult
    {
        public sealed record Succeeded : RunResult;

        public sealed record Failed(string Step, string Why) : RunResult;

        public sealed record Later(WorkOutcome Outcome) : RunResult;
    }

    // Which operation of which cluster is in the scope.
    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "The {Kind} that {CreatedBy} asked for begins")]
        public static partial void Begins(ILogger logger, OperationKind kind, string createdBy);

        [LoggerMessage(Level = LogLevel.Information, Message = "The {Kind} has succeeded")]
        public static partial void Succeeded(ILogger logger, OperationKind kind);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The {Kind} has failed in the step {Step}: {Reason}")]
        public static partial void Failed(ILogger logger, OperationKind kind, string step, string reason);

        [LoggerMessage(Level = LogLevel.Information, Message = "The {Kind} was cancelled")]
        public static partial void Cancelled(ILogger logger, OperationKind kind);
    }
}
