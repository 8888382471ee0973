using Microsoft.EntityFrameworkCore;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Http;
using VClusterManager.Server.Identity;
using VClusterManager.Server.Kubernetes;
using VClusterManager.Server.Storage;

namespace VClusterManager.Server.Clusters;

/// <summary>Which cluster a name means, and whether a place is free: vcluster allows one in a namespace.</summary>
internal sealed class ClusterPlaces(HostView host, UnmanagedClusters unmanaged, ManagerOptions options)
{
    /// <summary>Of those that the caller may see: the others are not there.</summary>
    public async Task<Outcome<ClusterRow>> FindAsync(
        Store store,
        ClusterReference which,
        Principal who,
        CancellationToken cancellation
    )
    {
        if (!which.CanExist)
        {
            return new Problem(ProblemKind.NotFound, "There is no cluster of that name.");
        }
        var found = await SeenBy
            .Of(store.Clusters, who)
            .Where(c =>
                c.Name == which.Name
                && c.DeletedAt == null
                && (which.Namespace == null || c.Namespace == which.Namespace)
            )
            .OrderBy(c => c.Namespace)
            .Take(20)
            .ToListAsync(cancellation);
        return found.Count switch
        {
            1 => found[0],
            0 => await MissingAsync(store, which, who, cancellation),
            _ => Ambiguous(which.Name, found.Select(c => c.Namespace)),
        };
    }

    /// <summary>Why there is no such cluster: when it was deleted, by whom and why; or that it is not managed.</summary>
    public async Task<Problem> MissingAsync(
        Store store,
        ClusterReference which,
        Principal who,
        CancellationToken cancellation
    )
    {
        if (unmanaged.Named(which, who) is [var there, ..])
        {
            return NotManaged(there);
        }
        var last = await SeenBy
            .Of(store.Clusters, who)
            .Where(c =>
                c.Name == which.Name
                && c.DeletedAt != null
                && (which.Namespace == null || c.Namespace == which.Namespace)
            )
            .OrderByDescending(c => c.DeletedAt)
            .FirstOrDefaultAsync(cancellation);
        var name = which.Namespace is null ? which.Name : $"{which.Namespace}/{which.Name}";
        return last is null
            ? new Problem(ProblemKind.NotFound, $"There is no cluster {name}.")
            : new Problem(
                ProblemKind.NotFound,
                $"Cluster {last.Namespace}/{last.Name} was deleted at {last.DeletedAt:yyyy-MM-dd HH:mm:ss}Z by {last.DeletedBy ?? "nobody known"}: {last.DeletedReason ?? "no reason given"}."
            );
    }

    public static Problem NotManaged(ObservedCluster unmanaged) =>
        new(
            ProblemKind.Conflict,
            $"Cluster {unmanaged.Key} is not managed: it is shown, and never touched unless adopted (POST /api/clusters/{unmanaged.Key.Name}/adopt)."
        );

    /// <summary>What holds the place that this cluster wants; <see langword="null"/>: nothing that we know of.</summary>
    public async Task<Problem?> TakenAsync(
        Store store,
        ClusterRow wanted,
        Principal who,
        CancellationToken cancellation
    )
    {
        if (await ManagedInAsync(store, wanted, who, cancellation) is { } taken)
        {
            return taken;
        }
        return unmanaged.In(wanted.Namespace) is not { } there ? Left(wanted, who)
            : !who.MaySee(wanted.Namespace, owner: null) ? NotFree(wanted)
            : new Problem(
                ProblemKind.Conflict,
                $"The namespace {wanted.Namespace} holds the unmanaged cluster {there.Key.Name}; a namespace can hold one. Choose another namespace, or adopt it."
            );
    }

    /// <summary>
    /// What is left of an earlier cluster is its owner's: with the volumes that were kept, the next one gets all that was in it.
    /// </summary>
    private Problem? Left(ClusterRow wanted, Principal who)
    {
        var home = host.Find(new NamespacedName(wanted.Namespace, wanted.Name)).Namespace;
        if (home is not { Terminating: false } || !ClusterStamps.IsOurs(home.Labels, options.Server.Instance))
        {
            return null;
        }
        var owner = ClusterStamps.OwnerOf(home.Annotations);
        var maySee = who.MaySee(wanted.Namespace, owner);
        return owner == who.Identity || (maySee && who.MayUseForeign(wanted.Namespace)) ? null
            : !maySee ? NotFree(wanted)
            : new Problem(
                ProblemKind.Conflict,
                $"The namespace {wanted.Namespace} holds what is left of somebody else's cluster: only its owner, admins, and those who are bound to it may put a cluster into it. Choose another one."
            );
    }

    /// <summary>A host that can be read shows no workload of this cluster.</summary>
    public bool IsSeenMissing(ClusterRow row)
    {
        var freshness = host.Freshness;
        return freshness is { Synced: true, Stale: false }
            && host.Find(new NamespacedName(row.Namespace, row.Name)).Workload is null;
    }

    /// <summary>Which cluster of ours holds the namespace; <see langword="null"/>: none.</summary>
    public static async Task<Problem?> ManagedInAsync(
        Store store,
        ClusterRow wanted,
        Principal who,
        CancellationToken cancellation
    )
    {
        var there = await store
            .Clusters.Where(c => c.Namespace == wanted.Namespace && c.DeletedAt == null)
            .FirstOrDefaultAsync(cancellation);
        return there is null ? null
            : who.MaySee(there.Namespace, there.Owner) ? new Problem(ProblemKind.Conflict, Describe(there, wanted))
            : NotFree(wanted);
    }

    /// <summary>All that is told of what one may not see: that the place is not free cannot be hidden.</summary>
    private static Problem NotFree(ClusterRow wanted) =>
        new(ProblemKind.Conflict, $"The namespace {wanted.Namespace} is not free: choose another one.");

    private static string Describe(ClusterRow there, ClusterRow wanted)
    {
        var going = there.Desired == DesiredState.Deleted ? " It is being deleted: try again when it is gone." : "";
        return there.Name == wanted.Name
            ? $"There is a cluster {there.Namespace}/{there.Name} already.{going}"
            : $"The namespace {there.Namespace} holds the cluster {there.Name}; a namespace can hold one.{going}";
    }

    public static Problem Ambiguous(string name, IEnumerable<string> namespaces)
    {
        string[] candidates = [.. namespaces];
        return new Problem(
            ProblemKind.Conflict,
            $"There is a cluster {name} in {candidates.Length} namespaces ({string.Join(", ", candidates)}): say which with ?namespace=."
        )
        {
            Extensions = new Dictionary<string, object?> { ["namespaces"] = candidates },
        };
    }
}
