using VCluster.StandIn.Faults;
using VCluster.StandIn.Kubernetes;

namespace VCluster.StandIn.Helm;

/// <summary><c>helm uninstall NAME</c>: the release as uninstalling, then its objects, then every revision of it. A pending one goes too.</summary>
internal sealed class UninstallCommand(HelmCall call, HelmFault fault)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public async Task RunAsync(string name)
    {
        await call.ReachAsync();
        ReleaseName.Check(name);
        var history = await call.Releases.HistoryAsync(name);
        if (history.Count == 0 && !call.Arguments.IsSet("ignore-not-found"))
        {
            throw new HelmException($"uninstall: Release not loaded: {name}: release: not found");
        }

        if (history.Count > 0)
        {
            await UninstallAsync(history);
        }

        call.Print($"release \"{name}\" uninstalled\n");
    }

    private async Task UninstallAsync(List<HelmRelease> history)
    {
        var release = history[0];
        release.Info["deleted"] = HelmRelease.Time(call.Clock.GetUtcNow());
        release.SetStatus("uninstalling", "Deletion in progress (or silently failed)");
        try
        {
            await call.Releases.UpdateAsync(release);
        }
        catch (KubeException)
        {
            // Helm notes this in its log only; somebody else may be deleting the same release.
        }

        await fault.AtAsync(HelmPoint.Uninstalling);
        var objects = Manifest.Read(release.Manifest, call.Namespace);
        await new HelmObjects(call.Client, release.Name, call.Namespace, fault).DeleteAllAsync(objects);
        if (call.Arguments.IsSet("wait"))
        {
            await WaitAsync(objects);
        }

        if (!call.Arguments.IsSet("keep-history"))
        {
            await PurgeAsync(history);
            return;
        }

        release.SetStatus("uninstalled", "Uninstallation complete");
        await call.Releases.UpdateAsync(release);
    }

    private async Task PurgeAsync(List<HelmRelease> history)
    {
        foreach (var revision in Enumerable.Reverse(history))
        {
            try
            {
                await call.Releases.DeleteAsync(revision);
            }
            catch (Exception exception) when (exception is KubeException or HelmException)
            {
                throw new HelmException(
                    $"uninstallation completed with 1 error(s): uninstall: Failed to purge the release: {exception.Message}"
                );
            }
        }
    }

    private async Task WaitAsync(List<ManifestObject> objects)
    {
        foreach (var item in objects)
        {
            while (await call.Client.FindAsync(item.Path) is not null)
            {
                await Task.Delay(Pause, call.Clock, CancellationToken.None);
            }
        }
    }
}
