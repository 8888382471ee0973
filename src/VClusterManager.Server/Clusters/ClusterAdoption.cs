using System.Globalization;
using System.Text.Json.Nodes;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Http;
using VClusterManager.Server.Identity;
using VClusterManager.Server.Kubernetes;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Work;

namespace VClusterManager.Server.Clusters;

/// <summary>
/// Takes a virtual cluster that is on the host already under management. Unlike every other request this one looks at the
/// host itself: the values that it was installed with are in its Helm release, and without them the first upgrade would
/// undo what somebody has set. It gets no time to live, so that nothing is pruned that nobody gave to be pruned. One of
/// ours that has lost its row, or whose row says that it was deleted, is taken back in the same way, under its own id.
/// </summary>
internal sealed class ClusterAdoption(
    IntentStore intents,
    UnmanagedClusters others,
    ClusterView clusters,
    HostView host,
    HostReads reads,
    WriteAccess access,
    ManagerOptions options,
    TimeProvider time
)
{
    public async Task<Outcome<Accepted>> AdoptAsync(
        ClusterReference which,
        Principal who,
        CancellationToken cancellation
    )
    {
        if (access.RefusedNow() is { } closed)
        {
            return closed;
        }
        var found = Find(which, who);
        if (found.Problem is { } problem)
        {
            return problem;
        }
        var seen = found.Value;
        if (Foreign(seen) is { } foreign)
        {
            return foreign;
        }
        var values = await ValuesAsync(seen, cancellation);
        return values.Problem is { } unreadable
            ? unreadable
            : await intents.AdoptAsync(Row(seen, values.Value, who), who, cancellation);
    }

    private Outcome<ObservedCluster> Find(ClusterReference which, Principal who)
    {
        if (HostProblems.Of(host.Freshness) is { } away)
        {
            return away;
        }
        var managed = clusters.All.FirstOrDefault(c =>
            c.Row.Name == which.Name
            && (which.Namespace is null || c.Row.Namespace == which.Namespace)
            && who.MaySee(c.Row.Namespace, c.Row.Owner)
        );
        var unmanaged = others.Shown(which, who);
        return unmanaged.Count switch
        {
            1 => unmanaged[0],
            > 1 => ClusterPlaces.Ambiguous(which.Name, unmanaged.Select(u => u.Key.Namespace)),
            _ when managed is not null => new Problem(
                ProblemKind.Conflict,
                $"Cluster {managed.Key} is managed already."
            ),
            _ => new Problem(ProblemKind.NotFound, $"There is no virtual cluster {which.Name} on the host."),
        };
    }

    /// <summary>What another manager has marked as its own is its own.</summary>
    private Problem? Foreign(ObservedCluster seen) =>
        seen.Workload!.Labels.TryGetValue(ClusterStamps.InstanceLabel, out var instance)
        && instance != options.Server.Instance
            ? new Problem(ProblemKind.Conflict, $"Cluster {seen.Key} belongs to the manager instance '{instance}'.")
            : null;

    private async Task<Outcome<JsonObject>> ValuesAsync(ObservedCluster seen, CancellationToken cancellation)
    {
        if (seen.Releases is not [var release, ..])
        {
            return new Problem(ProblemKind.Conflict, $"Cluster {seen.Key} has no Helm release: it cannot be managed.");
        }
        return await reads.ReleaseAsync(seen.Key, release, cancellation) switch
        {
            HostAnswer<HelmReleaseContent>.Found found => ReleaseStamps.OwnValues(
                found.Value.Values,
                options.VCluster.Values
            ),
            HostAnswer<HelmReleaseContent>.Unreadable unreadable => new Problem(
                ProblemKind.Unavailable,
                $"The Helm release of {seen.Key} cannot be read: {unreadable.Reason}"
            )
            {
                RetryAfter = TimeSpan.FromSeconds(5),
            },
            _ => new Problem(ProblemKind.Conflict, $"The Helm release of {seen.Key} has just gone."),
        };
    }

    private ClusterRow Row(ObservedCluster seen, JsonObject values, Principal who)
    {
        var workload = seen.Workload!;
        var now = time.GetUtcNow();
        var tag = workload.KubernetesImageTag ?? "";
        var generation = ClusterStamps.TakenInGeneration(workload);
        return new ClusterRow
        {
            // One of ours whose row was lost keeps the identity that is on the host.
            Id = ClusterStamps.IdOf(workload.Annotations) ?? Guid.CreateVersion7(now),
            RowVersion = ClusterSnapshot.VersionAfterAll(now),
            Name = seen.Key.Name,
            Namespace = seen.Key.Namespace,
            Phase = workload.Paused ? ClusterPhase.Sleeping : ClusterPhase.Running,
            Desired = workload.Paused ? DesiredState.Sleeping : DesiredState.Running,
            Generation = generation,
            ObservedGeneration = generation,
            KubernetesVersion = Minor(tag),
            KubernetesImageTag = tag,
            ValuesJson = values.ToJsonString(),
            MayUseForeignNamespace = true,
            CreatedBy = who.Name,
            Owner = who.Identity,
            Source = ClusterSources.Adopted,
            Installed = true,
            CreatedAt = now,
            UpdatedAt = now,
            LastUsedAt = now,
        };
    }

    /// <summary><c>1.35</c> of <c>v1.35.0</c>; the tag itself where it is no version.</summary>
    internal static string Minor(string tag) =>
        tag.TrimStart('v').Split('.') is [var major, var minor, ..]
        && int.TryParse(major, NumberStyles.None, CultureInfo.InvariantCulture, out _)
        && int.TryParse(minor, NumberStyles.None, CultureInfo.InvariantCulture, out _)
            ? $"{major}.{minor}"
            : tag;
}
