using System.Text.Json.Nodes;
using VCluster.StandIn.Faults;
using VCluster.StandIn.Kubernetes;

namespace VCluster.StandIn.Helm;

/// <summary>Makes, changes and takes away the objects of one release, and knows which are its own.</summary>
internal sealed class HelmObjects(
    KubeClient client,
    string release,
    string @namespace,
    HelmFault fault,
    CancellationToken cancellation = default
)
{
    private readonly Ownership _ownership = new(release, @namespace);

    /// <summary>Those of the objects which are there already and may be taken over.</summary>
    /// <exception cref="HelmException">One is there and belongs to somebody else, or cannot be looked at.</exception>
    public async Task<List<ManifestObject>> FindExistingAsync(IEnumerable<ManifestObject> objects)
    {
        List<ManifestObject> existing = [];
        foreach (var item in objects)
        {
            try
            {
                if (await client.FindAsync(item.Path) is { } live)
                {
                    Check(item, live);
                    existing.Add(item);
                }
            }
            catch (KubeException exception)
            {
                throw new HelmException(
                    $"could not get information about the resource {Named(item)}: {exception.Message}"
                );
            }
        }

        return existing;
    }

    /// <summary>Makes every object; one that fails does not keep the others from being made.</summary>
    /// <exception cref="HelmException">All that failed, in one text.</exception>
    public async Task CreateAllAsync(IReadOnlyList<ManifestObject> objects)
    {
        List<string> errors = [];
        for (var i = 0; i < objects.Count; i++)
        {
            await PassAsync(i, objects.Count);

            try
            {
                await client.CreateAsync(objects[i].Collection, _ownership.Marked(objects[i].Content));
            }
            catch (KubeException exception)
            {
                errors.Add(exception.Message);
            }
        }

        if (errors.Count > 0)
        {
            throw new HelmException(MultiError.Text(errors));
        }
    }

    /// <summary>Brings what is there from one manifest to the next: makes, patches, and deletes what is no longer in it.</summary>
    /// <exception cref="HelmException">The first that failed.</exception>
    public async Task UpdateAsync(IReadOnlyList<ManifestObject> before, IReadOnlyList<ManifestObject> after)
    {
        var old = before.ToDictionary(item => item.Identity);
        for (var i = 0; i < after.Count; i++)
        {
            await PassAsync(i, after.Count);

            await UpdateAsync(old.GetValueOrDefault(after[i].Identity), after[i]);
        }

        var kept = after.Select(item => item.Identity).ToHashSet();
        foreach (var item in before.Where(item => !kept.Contains(item.Identity)))
        {
            await DeleteAsync(item);
        }
    }

    /// <summary>Deletes every object that is still there.</summary>
    /// <exception cref="HelmException">Some could not be deleted.</exception>
    public async Task DeleteAllAsync(IEnumerable<ManifestObject> objects)
    {
        List<string> errors = [];
        foreach (var item in Manifest.ForUninstall(objects))
        {
            try
            {
                await DeleteAsync(item);
            }
            catch (KubeException exception)
            {
                errors.Add(exception.Message);
            }
        }

        if (errors.Count > 0)
        {
            throw new HelmException($"failed to delete release: {release}: {string.Join("; ", errors)}");
        }
    }

    private async Task PassAsync(int done, int all)
    {
        cancellation.ThrowIfCancellationRequested();
        if (done == all / 2)
        {
            await fault.AtAsync(HelmPoint.HalfDone, cancellation);
        }
    }

    private async Task DeleteAsync(ManifestObject item)
    {
        try
        {
            await client.DeleteAsync(item.Path, new JsonObject { ["propagationPolicy"] = "Background" });
        }
        catch (KubeException exception) when (exception.IsNotFound)
        {
            // Gone is what was wanted.
        }
    }

    private async Task UpdateAsync(ManifestObject? before, ManifestObject after)
    {
        var wanted = _ownership.Marked(after.Content);
        try
        {
            if (await client.FindAsync(after.Path) is not { } live)
            {
                await client.CreateAsync(after.Collection, wanted);
            }
            else if (ThreeWayMerge.Patch(before?.Content ?? [], wanted, live) is { } patch)
            {
                await client.PatchAsync(after.Path, patch);
            }
        }
        catch (KubeException exception)
        {
            throw new HelmException($"cannot patch \"{after.Name}\" with kind {after.Kind}: {exception.Message}");
        }
    }

    private void Check(ManifestObject item, JsonObject live)
    {
        if (_ownership.FaultsOf(live) is { Length: > 0 } faults)
        {
            throw new HelmException(
                $"{Named(item)} exists and cannot be imported into the current release: invalid ownership metadata; {faults}"
            );
        }
    }

    private static string Named(ManifestObject item) =>
        $"{item.Kind} \"{item.Name}\" in namespace \"{item.Namespace}\"";
}
