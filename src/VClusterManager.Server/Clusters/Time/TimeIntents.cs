using VClusterManager.Server.Clusters.Lifecycle;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Http;
using VClusterManager.Server.Storage;

namespace VClusterManager.Server.Clusters.Time;

/// <summary>
/// The clock's door into the hall: what time asks for becomes an intent like any other. Each is decided anew inside its
/// transaction, so that whatever somebody changed in between counts: one that was extended lives.
/// </summary>
internal sealed class TimeIntents(IntentStore intents, ManagerOptions options, TimeProvider time)
{
    /// <summary>It is not as it was when this was decided.</summary>
    private static readonly Problem Changed = new(ProblemKind.Conflict, "It has changed since.");

    /// <summary>Begins the delete of a cluster whose end has come. False: it has changed, or is gone.</summary>
    /// <param name="sure">The time by every clock that counts.</param>
    public async Task<bool> ExpireAsync(Guid cluster, DateTimeOffset sure, CancellationToken cancellation)
    {
        var begun = await ChangeAsync(
            cluster,
            "pruned",
            intent =>
            {
                var row = intent.Row;
                if (
                    row.Desired == DesiredState.Deleted
                    || ClusterTimes.EndOf(row, options.VCluster.Expiry) is not { } end
                    || sure < end
                )
                {
                    return Changed;
                }
                row.Desired = DesiredState.Deleted;
                row.KeepVolumes = false;
                row.DeletedBy = Identity.Principal.System.Name;
                row.DeletedReason = $"its time to live ended at {end:yyyy-MM-dd HH:mm:ss}Z";
                intent.Noted("Expired", $"Its time to live ended at {end:yyyy-MM-dd HH:mm:ss}Z.");
                return intent.Move(LifecycleEvent.DeleteAsked);
            },
            cancellation
        );
        if (begun)
        {
            TimeMetrics.Expired();
        }

        return begun;
    }

    /// <summary>Does what time asks for, if it still does. False: it has changed, or is gone.</summary>
    /// <param name="lastUse">When somebody last used it, as it was known when this was decided.</param>
    /// <param name="isLeft">Its end is left to the sweep.</param>
    public Task<bool> FollowAsync(
        Guid cluster,
        TimeAct act,
        DateTimeOffset lastUse,
        bool isLeft,
        CancellationToken cancellation
    ) =>
        ChangeAsync(
            cluster,
            VerbOf(act),
            intent =>
            {
                var row = intent.Row;
                var used = row.LastUsedAt > lastUse ? row.LastUsedAt : lastUse;
                var asked = ClusterTimes.Decide(row, used, options.VCluster.Expiry, time.GetUtcNow(), isLeft).Act;
                return asked != act ? Changed : Do(intent, act);
            },
            cancellation
        );

    private static string VerbOf(TimeAct act) =>
        act switch
        {
            TimeAct.Warn => "warned of",
            TimeAct.Sleep => "put to sleep",
            TimeAct.Wake => "woken",
            _ => "looked at",
        };

    private static Problem? Do(Intent intent, TimeAct act)
    {
        switch (act)
        {
            case TimeAct.Warn warn:
                Warn(intent, warn.Before);
                return null;
            case TimeAct.Sleep sleep:
                return Sleep(intent, sleep);
            case TimeAct.Wake wake:
                return Wake(intent, wake.Scheduled);
            case TimeAct.Pass pass:
                // There was nothing to do at that time, and it is not asked for again.
                Follow(intent.Row, pass.Scheduled);
                return null;
            default:
                throw new InvalidOperationException($"Time asks for something that is not known: {act}.");
        }
    }

    private static void Warn(Intent intent, TimeSpan before)
    {
        intent.Row.ExpiryWarning = before;
        intent.Noted(
            "ExpiresSoon",
            $"Ends at {intent.Row.ExpiresAt:yyyy-MM-dd HH:mm:ss}Z, within {DurationText.Format(before)}: extend it if it is still needed."
        );
    }

    private static Problem? Sleep(Intent intent, TimeAct.Sleep act)
    {
        Follow(intent.Row, act.Scheduled);
        intent.Noted("GoesToSleep", act.Why);
        if (intent.Move(LifecycleEvent.PauseAsked) is { } refused)
        {
            return refused;
        }

        (intent.Row.Desired, intent.Row.SleepCause) = (DesiredState.Sleeping, act.Cause);
        return null;
    }

    private static Problem? Wake(Intent intent, DateTimeOffset scheduled)
    {
        Follow(intent.Row, scheduled);
        intent.Noted("WakesUp", "Its schedule says so.");
        if (intent.Move(LifecycleEvent.ResumeAsked) is { } refused)
        {
            return refused;
        }

        intent.Row.Desired = DesiredState.Running;
        return null;
    }

    private static void Follow(ClusterRow row, DateTimeOffset? scheduled) =>
        row.ScheduleSeenAt = scheduled is { } at ? at : row.ScheduleSeenAt;

    private async Task<bool> ChangeAsync(
        Guid cluster,
        string verb,
        Func<Intent, Problem?> change,
        CancellationToken cancellation
    ) => (await intents.ChangeAsync(cluster, verb, change, cancellation)).Problem is null;
}
