using Microsoft.EntityFrameworkCore;
using VClusterManager.Server.Clusters.Lifecycle;
using VClusterManager.Server.Http;
using VClusterManager.Server.Identity;
using VClusterManager.Server.Storage;

namespace VClusterManager.Server.Clusters;

/// <summary>
/// A cluster's row inside a door's transaction, with the operations that are not ended: turns the lifecycle's answer
/// into rows. What is left in <see cref="NeedsWork"/> is enqueued with the same commit.
/// </summary>
internal sealed class Intent(
    Store store,
    ClusterRow row,
    IReadOnlyList<OperationRow> active,
    OperationKind? last,
    string verb,
    Principal who,
    DateTimeOffset now
)
{
    public ClusterRow Row { get; } = row;

    /// <summary>The operation that does what was asked; null when there is nothing to do.</summary>
    public OperationRow? Operation { get; private set; }

    /// <summary>Somebody should look at the cluster.</summary>
    public bool NeedsWork { get; private set; }

    /// <summary>What goes on should be ended now.</summary>
    public bool Interrupt { get; private set; }

    /// <summary>Asks the lifecycle, and does what it says. The problem when it refuses.</summary>
    public Problem? Move(LifecycleEvent asked)
    {
        if (Row.Desired == DesiredState.Deleted && asked != LifecycleEvent.DeleteAsked)
        {
            if (asked is not (LifecycleEvent.RetryAsked or LifecycleEvent.CancelAsked))
            {
                return new Problem(
                    ProblemKind.Conflict,
                    $"Cluster {Row.Namespace}/{Row.Name} cannot be {verb}: it is being deleted."
                );
            }
            // A delete that failed is tried again as what it was, whatever else is remembered.
            asked =
                asked == LifecycleEvent.RetryAsked && Row.Phase == ClusterPhase.Failed
                    ? LifecycleEvent.DeleteAsked
                    : asked;
        }
        switch (ClusterLifecycle.On(Row.Phase, asked, last))
        {
            case LifecycleMove.Refuse refuse:
                return new Problem(
                    ProblemKind.Conflict,
                    $"Cluster {Row.Namespace}/{Row.Name} cannot be {verb}: {refuse.Why}."
                );
            case LifecycleMove.Start start:
                Begin(start);
                return null;
            default:
                NeedsWork = true;
                Join(asked);
                return null;
        }
    }

    /// <summary>Look again, with nothing changed that callers see.</summary>
    public Problem? Touch()
    {
        NeedsWork = true;
        Operation = Newest;
        return null;
    }

    /// <summary>Something was changed that needs no operation, and is worth remembering.</summary>
    public void Edited(string reason, string message)
    {
        Row.Revision++;
        NeedsWork = true;
        store.ClusterEvents.Add(EventOf(Row, reason, message, who, now));
    }

    /// <summary>Something happened that nobody asked for: nothing changes that callers could.</summary>
    public void Noted(string reason, string message) =>
        store.ClusterEvents.Add(EventOf(Row, reason, message, who, now));

    private OperationRow? Newest => active.Count > 0 ? active[^1] : null;

    /// <summary>What goes on already does what was asked; an edit needs nobody to do it.</summary>
    private void Join(LifecycleEvent asked)
    {
        if (asked == LifecycleEvent.EditAsked)
        {
            return;
        }
        Operation = Newest;
        if (asked == LifecycleEvent.UpdateAsked)
        {
            // The create that is still queued will take the new values along: they count as changed all the same.
            Row.Revision++;
        }
    }

    private void Begin(LifecycleMove.Start start)
    {
        Row.Phase = start.Next;
        Row.Message = "";
        Row.Generation++;
        Row.Revision++;
        Operation = OperationOf(Row, start.Kind, who, now);
        store.Operations.Add(Operation);
        if (start.Kind == OperationKind.Delete)
        {
            GiveWay();
        }
        if (!active.Any(o => o.State is OperationState.Queued or OperationState.Running))
        {
            Row.CurrentOperationId = Operation.Id;
        }
        NeedsWork = true;
    }

    /// <summary>What has not begun never will; what runs is asked to end.</summary>
    private void GiveWay()
    {
        foreach (var operation in active)
        {
            operation.CancelRequested = true;
            if (operation.State == OperationState.Queued)
            {
                operation.State = OperationState.Cancelled;
                operation.Message = "Gave way to a delete.";
                operation.FinishedAt = now;
            }
        }
        Interrupt = true;
    }

    /// <summary>The operations that this intent has begun, ended or asked to end.</summary>
    public IReadOnlyList<OperationRow> Touched() =>
        [
            .. store
                .ChangeTracker.Entries<OperationRow>()
                .Where(e => e.State is EntityState.Added or EntityState.Modified)
                .Select(e => e.Entity),
        ];

    /// <summary>The cluster as it will be committed, with the operation that drives it.</summary>
    public ClusterSnapshot Snapshot()
    {
        OperationRow[] all = Operation is null || active.Contains(Operation) ? [.. active] : [.. active, Operation];
        return new ClusterSnapshot(
            Row,
            all.FirstOrDefault(o => o.State is OperationState.Queued or OperationState.Running) ?? Operation
        );
    }

    public static ClusterEventRow EventOf(
        ClusterRow row,
        string reason,
        string message,
        Principal who,
        DateTimeOffset now
    ) =>
        new()
        {
            Id = Guid.CreateVersion7(now),
            ClusterId = row.Id,
            At = now,
            Reason = reason,
            Message = message,
            Actor = who.Name,
        };

    public static OperationRow OperationOf(ClusterRow row, OperationKind kind, Principal who, DateTimeOffset now) =>
        new()
        {
            Id = Guid.CreateVersion7(now),
            ClusterId = row.Id,
            ClusterName = row.Name,
            Namespace = row.Namespace,
            Kind = kind,
            Generation = row.Generation,
            CreatedBy = who.Name,
            TraceParent = DatabaseCall.Caller?.Id,
            CreatedAt = now,
        };
}
