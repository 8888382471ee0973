using VClusterManager.Server.Storage;

namespace VClusterManager.Server.Clusters.Lifecycle;

/// <summary>Saves how the steps of a running operation stand.</summary>
internal sealed class StepSaves(ClusterSaves saves, OperationEnd end, TimeProvider time)
{
    private static readonly TimeSpan FirstRest = TimeSpan.FromSeconds(2);

    /// <summary>The operation leaves the queue; a delete that begins ends everything else.</summary>
    public Task BeginAsync(RunningOperation run) =>
        SaveAsync(
            run,
            (row, operation, active) =>
            {
                if (operation.Kind == OperationKind.Delete)
                {
                    end.GiveWay(active.Where(o => o != operation));
                }
                operation.State = OperationState.Running;
                operation.StartedAt = time.GetUtcNow();
                if (ClusterLifecycle.On(row.Phase, LifecycleEvent.WorkStarted, operation.Kind) is LifecycleMove.Go go)
                {
                    row.Phase = go.Next;
                }
            }
        );

    /// <summary>Shows that a step is being worked on, and at what.</summary>
    public Task ShowAsync(RunningOperation run, IStep step, string message) =>
        SaveStepAsync(run, step, known => Begin(known, message, step.Limit));

    public Task DoneAsync(RunningOperation run, IStep step, StepResult.Done done) =>
        run.StepOf(step).State == OperationState.Succeeded
            ? Task.CompletedTask
            : SaveStepAsync(
                run,
                step,
                known =>
                {
                    known.State = OperationState.Succeeded;
                    known.Message = done.Message;
                    known.NextTryAt = null;
                    known.FinishedAt = time.GetUtcNow();
                }
            );

    /// <summary>Saved only when it says something new: a step may wait through hundreds of looks.</summary>
    public Task WaitsAsync(RunningOperation run, IStep step, StepResult.Retry retry)
    {
        var known = run.StepOf(step);
        var same =
            known.State == OperationState.Running
            && known.Message == retry.Message
            && (known.HopelessSince is not null) == retry.Hopeless
            && !retry.OutOfSight;
        return same
            ? Task.CompletedTask
            : SaveStepAsync(
                run,
                step,
                row =>
                {
                    Begin(row, retry.Message, step.Limit);
                    row.HopelessSince = retry.Hopeless ? row.HopelessSince ?? time.GetUtcNow() : null;
                    row.Deadline = retry.OutOfSight ? time.GetUtcNow() + step.Limit : row.Deadline;
                }
            );
    }

    /// <summary>Counts a failure; gives how long to rest, which what the host shows meanwhile does not shorten.</summary>
    public async Task<TimeSpan> WentWrongAsync(RunningOperation run, IStep step, StepResult.Failed failed)
    {
        var rest = FirstRest * (1 << run.StepOf(step).Failures);
        await SaveStepAsync(
            run,
            step,
            known =>
            {
                known.State = OperationState.Running;
                known.Failures++;
                known.NextTryAt = time.GetUtcNow() + rest;
                known.Message = failed.Message;
            }
        );
        return rest;
    }

    private void Begin(OperationStepRow row, string message, TimeSpan limit)
    {
        if (row.State == OperationState.Succeeded)
        {
            // It was done, and has to be done once more: a newer intent, or somebody undid it.
            row.Deadline = time.GetUtcNow() + limit;
        }
        row.State = OperationState.Running;
        row.FinishedAt = null;
        row.Message = message;
    }

    private Task SaveStepAsync(RunningOperation run, IStep step, Action<OperationStepRow> change) =>
        SaveAsync(
            run,
            (row, operation, _) =>
            {
                var known = operation.Steps.Find(s => s.Name == step.Name);
                if (known is null)
                {
                    known = new OperationStepRow
                    {
                        Name = step.Name,
                        StartedAt = time.GetUtcNow(),
                        Deadline = time.GetUtcNow() + step.Limit,
                    };
                    operation.Steps.Add(known);
                }
                change(known);
                // A new list, so that the change inside it is seen.
                operation.Steps = [.. operation.Steps];
                operation.Message = known.Message;
                row.Message = known.Message;
                row.Installed |= run.Findings.Installed;
            }
        );

    /// <summary>Saves about the pinned operation; nothing, when it has ended meanwhile.</summary>
    private async Task SaveAsync(
        RunningOperation run,
        Action<ClusterRow, OperationRow, IReadOnlyList<OperationRow>> change
    ) =>
        run.Take(
            await saves.SaveAsync(
                run.Context,
                run.Row.Id,
                (_, row, active) =>
                {
                    if (active.FirstOrDefault(o => o.Id == run.OperationId) is { } operation)
                    {
                        change(row, operation, active);
                    }
                }
            )
        );
}
