using VClusterManager.Server.Storage;

namespace VClusterManager.Server.Clusters.Lifecycle;

/// <summary>How operations end, and what that makes of their cluster.</summary>
internal sealed class OperationEnd(ClusterSaves saves, TimeProvider time)
{
    /// <summary>
    /// All is as the operation wanted it. Creates and updates whose generation was seen to be installed end with it; one
    /// that was asked for after that look goes on.
    /// </summary>
    public Task SucceedAsync(RunningOperation run) =>
        EndAsync(
            run,
            (_, row, operation, active) =>
            {
                var reached = run.Findings.InstalledGeneration ?? operation.Generation;
                foreach (var ended in active.Where(o => o == operation || IsReachedBy(operation, o, reached)))
                {
                    Close(
                        ended,
                        OperationState.Succeeded,
                        ended == operation ? "" : "Reached together with an earlier operation."
                    );
                }
                row.ObservedGeneration = Math.Max(row.ObservedGeneration, reached);
                row.Endpoint = run.Findings.Endpoint ?? row.Endpoint;
                Move(row, active, LifecycleEvent.WorkSucceeded, operation.Kind, "");
                if (row.Phase == ClusterPhase.Deleted)
                {
                    row.DeletedAt = time.GetUtcNow();
                }
            }
        );

    /// <summary>It needs a person.</summary>
    public Task FailAsync(RunningOperation run, string step, string why) =>
        EndAsync(
            run,
            (store, row, operation, active) =>
            {
                CloseSteps(operation, OperationState.Failed, step, why);
                saves.AddEvent(store, row, "Failed", why);
                Move(row, active, LifecycleEvent.WorkFailed, operation.Kind, why);
            }
        );

    /// <summary>Somebody asked to end it.</summary>
    public Task CancelAsync(RunningOperation run)
    {
        const string Why = "Cancelled. What was done so far was left as it is: retry or delete it.";
        return EndAsync(
            run,
            (_, row, operation, active) =>
            {
                CloseSteps(operation, OperationState.Cancelled, step: null, Why);
                Move(row, active, LifecycleEvent.WorkCancelled, operation.Kind, Why);
            }
        );
    }

    /// <summary>A delete begins: whatever else was going on has ended.</summary>
    public void GiveWay(IEnumerable<OperationRow> others)
    {
        foreach (var other in others)
        {
            CloseSteps(other, OperationState.Cancelled, step: null, "Gave way to a delete.");
        }
    }

    private async Task EndAsync(
        RunningOperation run,
        Action<Store, ClusterRow, OperationRow, IReadOnlyList<OperationRow>> change
    ) =>
        await saves.SaveAsync(
            run.Context,
            run.Row.Id,
            (store, row, active) =>
            {
                if (active.FirstOrDefault(o => o.Id == run.OperationId) is { } operation)
                {
                    change(store, row, operation, active);
                }
            }
        );

    /// <summary>Moves the phase, unless another operation is to follow: then the phase is that one's.</summary>
    private static void Move(
        ClusterRow row,
        IReadOnlyList<OperationRow> active,
        LifecycleEvent happened,
        OperationKind kind,
        string message
    )
    {
        var next = active.FirstOrDefault(ClusterSaves.IsActive);
        row.Message = next is null ? message : "";
        if (next is null && ClusterLifecycle.On(row.Phase, happened, kind) is LifecycleMove.Go go)
        {
            row.Phase = go.Next;
        }
        else if (next is { Kind: OperationKind.Update } && row.Phase != ClusterPhase.Deleting)
        {
            row.Phase = ClusterPhase.Updating;
        }
    }

    private void CloseSteps(OperationRow operation, OperationState state, string? step, string why)
    {
        Close(operation, state, why);
        foreach (var open in operation.Steps.Where(s => s.State == OperationState.Running || s.Name == step))
        {
            open.State = state;
            open.Message = why;
            open.FinishedAt = time.GetUtcNow();
        }
        operation.Steps = [.. operation.Steps];
    }

    private void Close(OperationRow operation, OperationState state, string message)
    {
        operation.State = state;
        operation.Message = message;
        operation.StartedAt ??= time.GetUtcNow();
        operation.FinishedAt = time.GetUtcNow();
    }

    private static bool IsReachedBy(OperationRow done, OperationRow other, long reached) =>
        Installs(done.Kind) && Installs(other.Kind) && other.Generation <= reached;

    private static bool Installs(OperationKind kind) => kind is OperationKind.Create or OperationKind.Update;
}
