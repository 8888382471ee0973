using System.Text.Json.Nodes;
using VClusterManager.Contracts;
using VClusterManager.Server.Clusters.Lifecycle;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Http;
using VClusterManager.Server.Identity;
using VClusterManager.Server.Kubernetes;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Work;

namespace VClusterManager.Server.Clusters;

/// <summary>
/// The hall that every door leads to: validate, authorise, store the intent and its work item in one transaction,
/// return. Nothing here waits for a process or for Kubernetes.
/// </summary>
internal sealed class ClusterRequests(
    IntentStore intents,
    IntentInserts inserts,
    ClusterAdmission admission,
    HostView host,
    WriteAccess access,
    ManagerOptions options,
    TimeProvider time
)
{
    public Task<Outcome<CreateAnswer>> CreateAsync(
        ClusterCreate asked,
        Principal who,
        string source,
        IdempotentRequest? idempotent,
        CancellationToken cancellation
    )
    {
        if ((Unseen() ?? Refused()) is { } refused)
        {
            return Task.FromResult<Outcome<CreateAnswer>>(refused);
        }
        var admitted = Admit(asked, who, source);
        return admitted.Problem is { } problem
            ? Task.FromResult<Outcome<CreateAnswer>>(problem)
            : inserts.InsertAsync(admitted.Value, who, idempotent, cancellation);
    }

    /// <summary>Everything that create would check, and the values it would render, with nothing done.</summary>
    public async Task<Outcome<ClusterValidation>> ValidateAsync(
        ClusterCreate asked,
        Principal who,
        CancellationToken cancellation
    )
    {
        var admitted = Admit(asked, who, ClusterSources.Api);
        if ((admitted.Problem ?? await inserts.CheckPlaceAsync(admitted.Value, who, cancellation)) is { } problem)
        {
            return problem;
        }
        var row = admitted.Value;
        var values = RenderedValues.Of(row, options);
        return new ClusterValidation(
            true,
            row.Name,
            row.Namespace,
            row.KubernetesVersion,
            row.KubernetesImageTag,
            values
        );
    }

    public Task<Outcome<Accepted>> PatchAsync(
        ClusterReference which,
        JsonObject patch,
        string? ifMatch,
        Principal who,
        CancellationToken cancellation
    )
    {
        if (Refused() is { } readOnly)
        {
            return Task.FromResult<Outcome<Accepted>>(readOnly);
        }
        var parsed = ClusterChange.Parse(patch);
        if (parsed.Problem is { } malformed)
        {
            return Task.FromResult<Outcome<Accepted>>(malformed);
        }
        if (parsed.Value.TouchesProtection && !who.IsAdmin)
        {
            return Task.FromResult<Outcome<Accepted>>(
                new Problem(ProblemKind.Forbidden, "Only admins may change whether a cluster is protected.")
            );
        }
        return intents.ChangeAsync(
            which,
            ifMatch,
            who,
            "changed",
            intent => Change(intent, parsed.Value, who),
            cancellation
        );
    }

    public Task<Outcome<Accepted>> ExtendAsync(
        ClusterReference which,
        int? ttlHours,
        Principal who,
        CancellationToken cancellation
    )
    {
        var errors = new FieldErrors();
        errors.AddIf(ttlHours is null ? "is required" : null, "ttl_hours");
        ClusterAdmission.CheckTtl(ttlHours, errors);
        if ((Refused() ?? errors.ToProblem()) is { } problem)
        {
            return Task.FromResult<Outcome<Accepted>>(problem);
        }
        return intents.ChangeAsync(
            which,
            ifMatch: null,
            who,
            "extended",
            intent =>
            {
                if (intent.Move(LifecycleEvent.EditAsked) is { } refused)
                {
                    return refused;
                }
                var until = time.GetUtcNow().AddHours(ttlHours!.Value);
                // The later of both: what never ends does not begin to.
                if (intent.Row.ExpiresAt is not { } ends || ends >= until)
                {
                    return null;
                }
                if (ClusterLimits.End(who, intent.Row.CreatedAt, until) is { } tooLong)
                {
                    return tooLong;
                }
                intent.Row.EndsAt(until);
                intent.Edited("Extended", $"Ends {until:yyyy-MM-dd HH:mm:ss}Z.");
                return null;
            },
            cancellation
        );
    }

    public Task<Outcome<Accepted>> DeleteAsync(
        ClusterReference which,
        bool keepVolumes,
        bool force,
        string reason,
        Principal who,
        CancellationToken cancellation
    )
    {
        if (force && !who.IsAdmin)
        {
            return Task.FromResult<Outcome<Accepted>>(
                new Problem(ProblemKind.Forbidden, "Only admins may force a delete.")
            );
        }
        return Change(
            which,
            who,
            "deleted",
            intent =>
            {
                var row = intent.Row;
                if (row.Phase == ClusterPhase.Deleting && row.KeepVolumes != keepVolumes)
                {
                    return new Problem(
                        ProblemKind.Conflict,
                        $"Cluster {row.Namespace}/{row.Name} is being deleted already, {(row.KeepVolumes ? "and its volumes are kept" : "with its volumes")}."
                    );
                }
                row.ForceDelete |= force;
                if (row.Phase == ClusterPhase.Deleting)
                {
                    // Asked again: the same operation goes on.
                    return intent.Touch();
                }
                row.Desired = DesiredState.Deleted;
                row.KeepVolumes = keepVolumes;
                row.DeletedBy = who.Name;
                row.DeletedReason = reason;
                return intent.Move(LifecycleEvent.DeleteAsked);
            },
            cancellation
        );
    }

    public Task<Outcome<Accepted>> PauseAsync(ClusterReference which, Principal who, CancellationToken cancellation) =>
        Change(
            which,
            who,
            "paused",
            intent =>
            {
                var refused = intent.Move(LifecycleEvent.PauseAsked);
                if (refused is null)
                {
                    intent.Row.Desired = DesiredState.Sleeping;
                    intent.Row.SleepCause = SleepCause.Asked;
                }
                return refused;
            },
            cancellation
        );

    public Task<Outcome<Accepted>> ResumeAsync(ClusterReference which, Principal who, CancellationToken cancellation) =>
        Change(
            which,
            who,
            "resumed",
            intent =>
            {
                var refused = intent.Move(LifecycleEvent.ResumeAsked);
                if (refused is null)
                {
                    intent.Row.Desired = DesiredState.Running;
                }
                return refused;
            },
            cancellation
        );

    public Task<Outcome<Accepted>> RetryAsync(ClusterReference which, Principal who, CancellationToken cancellation) =>
        Change(which, who, "tried again", intent => intent.Move(LifecycleEvent.RetryAsked), cancellation);

    /// <summary>Ends an operation that is queued or running.</summary>
    public Task<Outcome<Accepted>> CancelAsync(Guid operation, Principal who, CancellationToken cancellation) =>
        Refused() is { } readOnly
            ? Task.FromResult<Outcome<Accepted>>(readOnly)
            : intents.CancelAsync(operation, who, cancellation);

    private Task<Outcome<Accepted>> Change(
        ClusterReference which,
        Principal who,
        string verb,
        Func<Intent, Problem?> change,
        CancellationToken cancellation
    ) =>
        Refused() is { } readOnly
            ? Task.FromResult<Outcome<Accepted>>(readOnly)
            : intents.ChangeAsync(which, ifMatch: null, who, verb, change, cancellation);

    private Problem? Change(Intent intent, ClusterChange change, Principal who)
    {
        if (intent.Move(LifecycleEvent.EditAsked) is { } going)
        {
            return going;
        }
        var effect = change.ApplyTo(intent.Row, who, admission, options.VCluster, time.GetUtcNow());
        if (effect.Problem is { } problem)
        {
            return problem;
        }
        if (effect.Value.Edited)
        {
            intent.Edited("Edited", "Labels, time to live, protection or sleep were changed.");
        }
        if (!effect.Value.Upgrade)
        {
            return null;
        }
        if (intent.Move(LifecycleEvent.UpdateAsked) is { } refused)
        {
            return refused;
        }
        intent.Row.Desired = DesiredState.Running;
        return null;
    }

    private Outcome<ClusterRow> Admit(ClusterCreate asked, Principal who, string source) =>
        admission.Admit(
            asked,
            who,
            source,
            ns => host.Find(new NamespacedName(ns, asked.Name!)).Namespace,
            time.GetUtcNow()
        );

    /// <summary>Until the host was read once, nobody knows whose a namespace is: unknown is not free.</summary>
    private Problem? Unseen() =>
        host.Freshness.Synced
            ? null
            : new Problem(ProblemKind.Unavailable, "The host has not been read yet: try again in a moment.")
            {
                RetryAfter = TimeSpan.FromSeconds(2),
            };

    private Problem? Refused() => access.Refused();
}
