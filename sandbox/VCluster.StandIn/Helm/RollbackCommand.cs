using System.Globalization;
using VCluster.StandIn.Faults;

namespace VCluster.StandIn.Helm;

/// <summary><c>helm rollback NAME [REVISION]</c>: an earlier revision again, as a new one.</summary>
internal sealed class RollbackCommand(HelmCall call, HelmFault fault)
{
    public async Task RunAsync(string name, string revision)
    {
        await call.ReachAsync();
        ReleaseName.Check(name);
        var history = await call.Releases.HistoryAsync(name);
        if (history.Count == 0)
        {
            throw new HelmException("release: not found");
        }

        if (history[0].IsPending && revision.Length == 0)
        {
            throw new HelmException("another operation (install/upgrade/rollback) is in progress");
        }

        var wanted =
            int.TryParse(revision, CultureInfo.InvariantCulture, out var number) && number > 0
                ? number
                : history[0].Revision - 1;
        var target =
            history.FirstOrDefault(past => past.Revision == wanted)
            ?? throw new HelmException($"release has no {wanted} version");
        await RollBackAsync(history, target);
        call.Print("Rollback was a success! Happy Helming!\n");
    }

    /// <summary>What was deployed is superseded; a revision that was pending stays so for ever, as history.</summary>
    private async Task RollBackAsync(List<HelmRelease> history, HelmRelease target)
    {
        var current = history[0];
        var release = new HelmRelease(target.Payload.DeepClone().AsObject());
        release.Payload["version"] = current.Revision + 1;
        release.Info["last_deployed"] = HelmRelease.Time(call.Clock.GetUtcNow());
        release.SetStatus("pending-rollback", $"Rollback to {target.Revision}");
        await call.Releases.CreateAsync(release);
        var before = Manifest.Read(current.Manifest, call.Namespace);
        var after = Manifest.Read(release.Manifest, call.Namespace);
        await new HelmObjects(call.Client, release.Name, call.Namespace, fault).UpdateAsync(before, after);
        foreach (var past in history.Where(past => past.Status == "deployed"))
        {
            past.SetStatus("superseded", past.Info["description"]?.GetValue<string>() ?? "");
            await call.Releases.UpdateAsync(past);
        }

        release.SetStatus("deployed", $"Rollback to {target.Revision}");
        await call.Releases.UpdateAsync(release);
    }
}
