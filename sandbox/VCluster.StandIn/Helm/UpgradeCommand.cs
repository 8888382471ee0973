using System.Text.Json.Nodes;
using VCluster.StandIn.Faults;
using VCluster.StandIn.Kubernetes;

namespace VCluster.StandIn.Helm;

/// <summary>
/// <c>helm upgrade NAME CHART --install</c>. The order of the writes is helm's, since a kill between any two of them
/// leaves what the real one leaves: first the revision as pending (this is the lock), then the objects, then the revision
/// before as superseded, then this one as deployed.
/// </summary>
internal sealed class UpgradeCommand(HelmCall call, HelmFault fault, CancellationToken cancellation)
{
    public async Task RunAsync(string name, string chartPath)
    {
        await call.ReachAsync();
        ReleaseName.Check(name);
        var history = await call.Releases.HistoryAsync(name);
        var install = history.Count == 0 || history[0].Status == "uninstalled";
        if (install && !call.Arguments.IsSet("install"))
        {
            throw new HelmException($"UPGRADE FAILED: \"{name}\" has no deployed releases");
        }

        if (install)
        {
            call.Print($"Release \"{name}\" does not exist. Installing it now.\n");
        }

        var release = new ReleaseDraft(call).Make(name, chartPath, history);
        if (install)
        {
            await InstallAsync(release);
        }
        else
        {
            await UpgradeAsync(release, history);
            call.Print($"Release \"{name}\" has been upgraded. Happy Helming!\n");
        }

        call.Print(StatusCommand.Text(release));
    }

    private async Task InstallAsync(HelmRelease release)
    {
        var objects = Manifest.Read(release.Manifest, call.Namespace);
        var work = new HelmObjects(call.Client, release.Name, call.Namespace, fault, cancellation);
        var adopted = await FindExistingAsync(work, objects, "install");
        if (call.Arguments.IsSet("create-namespace"))
        {
            await CreateNamespaceAsync();
        }

        await fault.AtAsync(HelmPoint.Decided, cancellation);
        await call.Releases.CreateAsync(release);
        await FinishAsync(
            release,
            "Release \"{0}\" failed: {1}",
            () => adopted.Count == 0 ? work.CreateAllAsync(objects) : work.UpdateAsync(adopted, objects)
        );
        release.SetStatus("deployed", "Install complete");
        await call.Releases.UpdateAsync(release);
    }

    private async Task UpgradeAsync(HelmRelease release, List<HelmRelease> history)
    {
        try
        {
            if (history[0].IsPending)
            {
                throw new HelmException("another operation (install/upgrade/rollback) is in progress");
            }

            var current = history.FirstOrDefault(past => past.Status == "deployed") ?? history[0];
            await ReplaceAsync(release, current, history);
            current.SetStatus("superseded", current.Info["description"]?.GetValue<string>() ?? "");
            await call.Releases.UpdateAsync(current);
            release.SetStatus("deployed", "Upgrade complete");
            await call.Releases.UpdateAsync(release);
        }
        catch (HelmException exception)
        {
            throw new HelmException("UPGRADE FAILED: " + exception.Message);
        }
    }

    private async Task ReplaceAsync(HelmRelease release, HelmRelease current, List<HelmRelease> history)
    {
        var before = Manifest.Read(current.Manifest, call.Namespace);
        var after = Manifest.Read(release.Manifest, call.Namespace);
        var work = new HelmObjects(call.Client, release.Name, call.Namespace, fault, cancellation);
        var known = before.Select(item => item.Identity).ToHashSet();
        await FindExistingAsync(work, after.Where(item => !known.Contains(item.Identity)), "update");
        await call.Releases.PruneAsync(history);
        await fault.AtAsync(HelmPoint.Decided, cancellation);
        await call.Releases.CreateAsync(release);
        await FinishAsync(release, "Upgrade \"{0}\" failed: {1}", () => work.UpdateAsync(before, after));
    }

    /// <summary>Does the work on the objects; a failure is written into the release before it is told, and so is being told to end.</summary>
    private async Task FinishAsync(HelmRelease release, string failure, Func<Task> work)
    {
        try
        {
            await fault.AtAsync(HelmPoint.ReleaseWritten, cancellation);
            await work();
            await fault.AtAsync(HelmPoint.WorkloadMade, cancellation);
        }
        catch (Exception exception) when (exception is HelmException or OperationCanceledException)
        {
            var reason = exception is HelmException ? exception.Message : "context canceled";
            release.SetStatus("failed", string.Format(failure, release.Name, reason));
            await call.Releases.UpdateAsync(release);
            throw new HelmException(reason);
        }
    }

    private static async Task<List<ManifestObject>> FindExistingAsync(
        HelmObjects work,
        IEnumerable<ManifestObject> objects,
        string what
    )
    {
        try
        {
            return await work.FindExistingAsync(objects);
        }
        catch (HelmException exception)
        {
            throw new HelmException($"Unable to continue with {what}: {exception.Message}");
        }
    }

    private async Task CreateNamespaceAsync()
    {
        var wanted = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Namespace",
            ["metadata"] = new JsonObject
            {
                ["name"] = call.Namespace,
                ["labels"] = new JsonObject { ["name"] = call.Namespace },
            },
        };
        try
        {
            await call.Client.CreateAsync(Kinds.Namespaces.Collection(""), wanted);
        }
        catch (KubeException exception) when (exception.AlreadyExists)
        {
            // Helm asks only for it to be there.
        }
        catch (KubeException exception)
        {
            throw new HelmException(MultiError.Text([exception.Message]));
        }
    }
}
