using VClusterManager.Server.Storage;
using VClusterManager.Server.Work;

namespace VClusterManager.Server.Clusters.Lifecycle;

/// <summary>
/// One run of one operation: pinned to its id, so that what is saved is never saved about another operation that came
/// in between and drives from then on.
/// </summary>
internal sealed class RunningOperation(WorkContext context, ClusterSnapshot snapshot, CliSlots slots) : IDisposable
{
    private CliSlots.Slot? _slot;

    public WorkContext Context { get; } = context;

    public Guid OperationId { get; } = snapshot.Operation!.Id;

    /// <summary>The operation as it was last saved by this run.</summary>
    public OperationRow Operation { get; private set; } = snapshot.Operation;

    /// <summary>The cluster as it was last saved by this run.</summary>
    public ClusterRow Row { get; private set; } = snapshot.Row;

    /// <summary>Another operation drives now: this run is over, and says nothing more.</summary>
    public bool IsOvertaken { get; private set; }

    public StepFindings Findings { get; } = new();

    /// <summary>A slot for CLI runs, kept for as long as the run lasts.</summary>
    public bool TakeSlot() => (_slot ??= slots.TryTake(Row.Id, Operation.CreatedAt)) is not null;

    public void Take(ClusterSnapshot saved)
    {
        Row = saved.Row;
        if (saved.Operation?.Id == OperationId)
        {
            Operation = saved.Operation;
        }
        else
        {
            IsOvertaken = true;
        }
    }

    public OperationStepRow StepOf(IStep step) =>
        Operation.Steps.Find(s => s.Name == step.Name) ?? new OperationStepRow { Name = step.Name };

    public void Dispose() => _slot?.Dispose();
}
