using VClusterManager.Contracts;
using VClusterManager.Server.Clusters.Lifecycle;
using VClusterManager.Server.Clusters.Lifecycle.Steps;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Http;
using VClusterManager.Server.Identity;
using VClusterManager.Server.Kubernetes;
using VClusterManager.Server.VCluster;
using VClusterManager.Server.Work;

namespace VClusterManager.Server.Clusters.Orphans;

/// <summary>
/// Takes one orphan away, for an admin who asked for it. The host is read anew: what is not an orphan any more is not
/// found, and what goes is the very object that was found, or nothing. A release goes through helm, with all it made.
/// </summary>
internal sealed partial class OrphanRemoval(
    OrphanScan scan,
    HostReads reads,
    HostWrites writes,
    VClusterCli cli,
    CliSlots slots,
    WriteAccess access,
    ManagerOptions options,
    IHostApplicationLifetime lifetime,
    ILogger<OrphanRemoval> logger
)
{
    public async Task<Outcome<Orphan>> RemoveAsync(string id, Principal who, CancellationToken cancellation)
    {
        if (access.RefusedNow() is { } closed)
        {
            return closed;
        }
        var found = await scan.LookAsync(cancellation);
        if (found.Problem is { } unreadable)
        {
            return unreadable;
        }
        if (Array.Find(found.Value, orphan => orphan.Id == id) is not { } chosen)
        {
            return new Problem(
                ProblemKind.NotFound,
                $"There is no orphan {Quote.Of(id)}: it is gone, or has an owner."
            );
        }
        Log.TakesAway(logger, who.Name, chosen.Kind, chosen.Object);
        return await RemoveAsync(chosen, cancellation) is { } problem
            ? problem
            : chosen.Show() with
            {
                Deleting = true,
            };
    }

    /// <summary>What is made in its place since it was found is not taken for it.</summary>
    internal Task<Problem?> RemoveAsync(FoundOrphan orphan, CancellationToken cancellation) =>
        orphan.Kind switch
        {
            OrphanKind.Workload => RemoveWorkloadAsync(orphan, cancellation),
            OrphanKind.Release => UninstallAsync(orphan.Cluster!.Value, cancellation),
            OrphanKind.Namespace => RemoveNamespaceAsync(orphan, cancellation),
            _ => DeleteAsync(orphan.Object, cancellation),
        };

    /// <summary>With its release, if that is the one that made it; else the workload alone.</summary>
    private async Task<Problem?> RemoveWorkloadAsync(FoundOrphan orphan, CancellationToken cancellation)
    {
        var key = orphan.Cluster!.Value;
        var look = await reads.LookAsync(key, cancellation);
        if (look is not HostAnswer<ObservedCluster>.Found { Value: var seen })
        {
            return Unreadable(look);
        }
        if (seen.Workload?.Uid != orphan.Object.Uid)
        {
            return new Problem(ProblemKind.Conflict, $"{orphan.Object} has been replaced by another one just now.");
        }
        if (seen.Releases is not [var newest, ..])
        {
            return await DeleteAsync(orphan.Object, cancellation);
        }
        return await reads.ReleaseAsync(key, newest, cancellation) switch
        {
            HostAnswer<HelmReleaseContent>.Found release when Made(release.Value, orphan) => await UninstallAsync(
                key,
                cancellation
            ),
            HostAnswer<HelmReleaseContent>.Unreadable { Garbled: false } away => HostProblems.Unreadable(away.Reason),
            _ => await DeleteAsync(orphan.Object, cancellation),
        };
    }

    /// <summary>One that was adopted has a release without our marks.</summary>
    private bool Made(HelmReleaseContent release, FoundOrphan orphan) =>
        ReleaseStamps.IsOurs(release, options.Server.Instance)
            ? ReleaseStamps.IdIn(release.Values) == orphan.ClusterId?.ToString()
            : release.Chart == ReleaseStamps.Chart && ReleaseStamps.IdIn(release.Values) is null;

    private async Task<Problem?> UninstallAsync(NamespacedName key, CancellationToken cancellation)
    {
        using var slot = slots.TryTakeNow();
        if (slot is null)
        {
            return new Problem(
                ProblemKind.Unavailable,
                "All runs of the CLI that this server may have at once are taken: try again in a moment."
            );
        }
        if (await scan.IsHomeAsync(key.Namespace, cancellation))
        {
            return HasOwner(key.Namespace);
        }
        // Not given up when the caller goes away: half a release is worse than either.
        var result = await cli.UninstallReleaseAsync(key, _ => { }, lifetime.ApplicationStopping);
        return result.Verdict switch
        {
            CliVerdict.Done or CliVerdict.ReleaseMissing => null,
            CliVerdict.HostUnreachable or CliVerdict.Cancelled => HostProblems.Unreadable(result.Message),
            _ => new Problem(ProblemKind.Conflict, $"The release {key} cannot be uninstalled: {result.Message}"),
        };
    }

    /// <summary>Only with nothing of anybody else in it: that goes with it, and nobody asked.</summary>
    private async Task<Problem?> RemoveNamespaceAsync(FoundOrphan orphan, CancellationToken cancellation)
    {
        var name = orphan.Object.Name;
        var look = await reads.NamespaceAsync(name, cancellation);
        if (look is not HostAnswer<ObservedNamespace>.Found { Value: var home })
        {
            return Unreadable(look);
        }
        if (
            home.Uid != orphan.Object.Uid
            || !ClusterStamps.IsOurs(home.Labels, options.Server.Instance)
            || ClusterStamps.IdOf(home.Annotations) != orphan.ClusterId
        )
        {
            return new Problem(ProblemKind.Conflict, $"The namespace {name} has been changed just now.");
        }
        var cluster = orphan.Cluster ?? new NamespacedName(name, NamespaceRules.ClusterOf(name));
        return await reads.StrangersAsync(cluster, cancellation) switch
        {
            HostAnswer<IReadOnlyList<HostTrace>>.Found { Value.Count: > 0 } strangers => new Problem(
                ProblemKind.Conflict,
                $"The namespace {name} is kept: it also holds {Traces.Describe(strangers.Value)}."
            ),
            HostAnswer<IReadOnlyList<HostTrace>>.Unreadable away => HostProblems.Unreadable(away.Reason),
            _ when await scan.IsHomeAsync(name, cancellation) => HasOwner(name),
            _ => Meaning(orphan.Object, await writes.DeleteNamespaceAsync(name, home.Uid, cancellation)),
        };
    }

    private static Problem HasOwner(string @namespace) =>
        new(ProblemKind.Conflict, $"Somebody has asked for a cluster in {@namespace} just now: nothing is taken away.");

    private async Task<Problem?> DeleteAsync(HostTrace what, CancellationToken cancellation) =>
        Meaning(what, await writes.DeleteAsync(what, cancellation));

    private static Problem? Meaning(HostTrace what, HostWrite write) =>
        write switch
        {
            HostWrite.Done or HostWrite.Missing => null,
            HostWrite.Unreachable away => HostProblems.Unreadable(away.Reason),
            HostWrite.Conflict conflict => new Problem(
                ProblemKind.Conflict,
                $"{what} has been replaced by another one just now: {conflict.Reason}"
            ),
            HostWrite.Refused refused => new Problem(
                ProblemKind.Conflict,
                $"The host refuses to delete {what}: {refused.Reason}"
            ),
            _ => throw new InvalidOperationException("A write without a meaning."),
        };

    private static Problem? Unreadable<T>(HostAnswer<T> answer) =>
        answer is HostAnswer<T>.Unreadable away ? HostProblems.Unreadable(away.Reason) : null;

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "{Who} takes away the orphan {Kind} {What}")]
        public static partial void TakesAway(ILogger logger, string who, OrphanKind kind, HostTrace what);
    }
}
