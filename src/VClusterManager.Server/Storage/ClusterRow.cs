namespace VClusterManager.Server.Storage;

/// <summary>What was asked for a virtual cluster (its intent), and where the work on it stands.</summary>
internal sealed class ClusterRow
{
    public required Guid Id { get; init; }

    public required string Name { get; init; }

    public required string Namespace { get; init; }

    /// <summary>What the newest intent wants: the reconciler moves the host towards it.</summary>
    public DesiredState Desired { get; set; } = DesiredState.Running;

    /// <summary>Where the lifecycle stands. What callers see is derived from it and from what the host shows.</summary>
    public ClusterPhase Phase { get; set; } = ClusterPhase.Pending;

    /// <summary>Why, in words a person can act on. Empty when there is nothing to say.</summary>
    public string Message { get; set; } = "";

    /// <summary>Raised by every intent that needs work on the host (create, update, pause, resume, delete, retry).</summary>
    public long Generation { get; set; } = 1;

    /// <summary>The newest generation whose work has ended well.</summary>
    public long ObservedGeneration { get; set; }

    /// <summary>Raised whenever something that callers can change was changed: the cluster's ETag is made of it.</summary>
    public long Revision { get; set; } = 1;

    /// <summary>Raised by every save: optimistic concurrency between the doors and the reconciler.</summary>
    public long RowVersion { get; set; }

    /// <summary>The Kubernetes version asked for, as it is on offer: <c>1.35</c>.</summary>
    public required string KubernetesVersion { get; set; }

    /// <summary>The image tag it resolved to when it was accepted: <c>v1.35.0</c>.</summary>
    public required string KubernetesImageTag { get; set; }

    /// <summary>The caller's own vcluster.yaml values, as JSON; <see langword="null"/> when none were given.</summary>
    public string? ValuesJson { get; set; }

    public Dictionary<string, string> Labels { get; set; } = [];

    public int? TtlHours { get; set; }

    /// <summary>When it ends; <see langword="null"/>: never.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }

    public bool Protected { get; set; }

    /// <summary>The shortest of the warnings before its end that was given; <see langword="null"/>: none yet.</summary>
    public TimeSpan? ExpiryWarning { get; set; }

    /// <summary>It is put to sleep when nobody has used it for so long; <see langword="null"/>: never.</summary>
    public TimeSpan? SleepAfter { get; set; }

    /// <summary>When it sleeps and wakes, as JSON; <see langword="null"/>: at no fixed times.</summary>
    public string? SleepSchedule { get; set; }

    /// <summary>Up to here the schedule has been followed.</summary>
    public DateTimeOffset? ScheduleSeenAt { get; set; }

    /// <summary>Why it sleeps, or is on its way to; <see langword="null"/>: it is awake, or nobody knows.</summary>
    public SleepCause? SleepCause { get; set; }

    /// <summary>When somebody last changed it, or it last came up. What comes through the proxy is counted elsewhere.</summary>
    public DateTimeOffset LastUsedAt { get; set; }

    public required string CreatedBy { get; init; }

    /// <summary>The identity of who made it, whose own it is; <see langword="null"/>: nobody's that is known.</summary>
    public string? Owner { get; init; }

    /// <summary>The door it came through: <c>api</c>, <c>pull_request</c> or <c>adopted</c>.</summary>
    public required string Source { get; init; }

    /// <summary>
    /// An existing namespace that we did not make may be used: its owner is an admin. Whether a namespace is ours to take
    /// away again is told by the mark on it alone.
    /// </summary>
    public bool MayUseForeignNamespace { get; set; }

    /// <summary>The host has once shown the workload with our id: what carries its name and labels there is ours.</summary>
    public bool Installed { get; set; }

    /// <summary>Asked of the newest delete: leave the volumes where they are.</summary>
    public bool KeepVolumes { get; set; }

    /// <summary>Asked of the newest delete by an admin: finish also where the CLI cannot.</summary>
    public bool ForceDelete { get; set; }

    /// <summary>The address of its API server, as its own kubeconfig had it when it was last ready.</summary>
    public string? Endpoint { get; set; }

    public Guid? CurrentOperationId { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; set; }

    /// <summary>When all traces were seen to be gone. The row stays for a while, so that a 404 can say what became of it.</summary>
    public DateTimeOffset? DeletedAt { get; set; }

    public string? DeletedBy { get; set; }

    public string? DeletedReason { get; set; }

    /// <summary>Gives it another end: what was said of the one before counts no more.</summary>
    public void EndsAt(DateTimeOffset? end)
    {
        if (ExpiresAt != end)
        {
            (ExpiresAt, ExpiryWarning) = (end, null);
        }
    }

    /// <summary>One that was deleted is there again, as the other row describes it. Who made it, and when, stays.</summary>
    public void ComeBackAs(ClusterRow found)
    {
        (Phase, Desired, Message) = (found.Phase, found.Desired, "");
        (KubernetesVersion, KubernetesImageTag) = (found.KubernetesVersion, found.KubernetesImageTag);
        (ValuesJson, TtlHours) = (found.ValuesJson, found.TtlHours);
        EndsAt(found.ExpiresAt);
        (LastUsedAt, SleepCause) = (found.UpdatedAt, null);
        // What lies behind is not caught up with.
        ScheduleSeenAt = SleepSchedule is null ? null : found.UpdatedAt;
        MayUseForeignNamespace |= found.MayUseForeignNamespace;
        (Installed, KeepVolumes, ForceDelete) = (true, false, false);
        (DeletedAt, DeletedBy, DeletedReason) = (null, null, null);
        (CurrentOperationId, UpdatedAt) = (null, found.UpdatedAt);
        ObservedGeneration = Generation;
        Revision++;
    }
}

internal enum DesiredState
{
    Running,
    Sleeping,
    Deleted,
}

/// <summary>Why a cluster sleeps.</summary>
internal enum SleepCause
{
    /// <summary>Somebody asked for it.</summary>
    Asked,

    /// <summary>Nobody has used it for long.</summary>
    Idle,

    /// <summary>It was time.</summary>
    Schedule,
}

/// <summary>The lifecycle's own phases; <c>Unknown</c> is no phase but what is shown when the host cannot be read.</summary>
internal enum ClusterPhase
{
    Pending,
    Provisioning,
    Running,
    Updating,
    Sleeping,
    Waking,
    Deleting,
    Failed,
    Deleted,
}
