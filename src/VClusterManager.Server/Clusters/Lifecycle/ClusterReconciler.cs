using VClusterManager.Server.Kubernetes;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Work;

namespace VClusterManager.Server.Clusters.Lifecycle;

/// <summary>
/// The one worker of virtual clusters. It is level-triggered: a work item only says "look again".
/// <list type="number">
/// <item>Load the row and the operations that have not ended. Gone: nothing to do.</item>
/// <item>The host cannot be seen: wait, and conclude nothing.</item>
/// <item>An operation is there: run its steps as far as they go (<see cref="OperationRun"/>).</item>
/// <item>None is there: let the status follow the host, and keep our marks on it (<see cref="IdleCheck"/>).</item>
/// </list>
/// Whatever it saves is saved under its claim, and told to the memory afterwards.
/// </summary>
internal sealed class ClusterReconciler(
    StoreFactory stores,
    HostView view,
    OperationRun run,
    IdleCheck idle,
    ClusterView clusters
) : IWorkHandler
{
    private static readonly TimeSpan HostPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan StalledPause = TimeSpan.FromMinutes(1);

    public string Kind => WorkKinds.Cluster;

    public async Task<WorkOutcome> HandleAsync(WorkContext context)
    {
        var id = Guid.Parse(context.Claim.Key);
        if (await LoadAsync(id, context.Stop) is not { } snapshot)
        {
            return WorkOutcome.Done;
        }
        clusters.Publish(snapshot);
        if (snapshot.Row.DeletedAt is not null)
        {
            return WorkOutcome.Done;
        }
        var freshness = view.Freshness;
        if (!freshness.Synced || freshness.Stale)
        {
            // Nothing is known of the host: a freshness that returns enqueues us again, and this is behind it.
            return snapshot.HasActiveOperation ? WorkOutcome.Again(HostPause)
                // A delete that was given up is looked at now and then until it has ended after all.
                : snapshot.Row.Desired == DesiredState.Deleted ? WorkOutcome.Again(StalledPause)
                : WorkOutcome.Done;
        }
        return snapshot.HasActiveOperation
            ? await run.RunAsync(context, snapshot)
            : await idle.RunAsync(context, snapshot);
    }

    private async Task<ClusterSnapshot?> LoadAsync(Guid id, CancellationToken cancellation)
    {
        await using var store = stores.Open();
        var found = await ClusterSnapshot.ReadAsync(store, store.Clusters.Where(c => c.Id == id), cancellation);
        return found.Count == 0 ? null : found[0];
    }
}
