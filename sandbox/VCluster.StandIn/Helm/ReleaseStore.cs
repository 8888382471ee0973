using VCluster.StandIn.Kubernetes;

namespace VCluster.StandIn.Helm;

/// <summary>The releases of a namespace: one Secret for each revision. Creating a revision is helm's lock.</summary>
internal sealed class ReleaseStore(KubeClient client, string @namespace, TimeProvider clock)
{
    private const int KeptRevisions = 10;

    private string Collection => Kinds.Secrets.Collection(@namespace);

    /// <summary>Every revision of a release, the newest first.</summary>
    public async Task<List<HelmRelease>> HistoryAsync(string name) =>
        [.. (await ReadAsync($"name={name},owner=helm")).OrderByDescending(release => release.Revision)];

    /// <summary>The newest revision of every release in the namespace.</summary>
    public async Task<List<HelmRelease>> AllAsync() =>
        [
            .. (await ReadAsync("owner=helm"))
                .GroupBy(release => (release.Namespace, release.Name))
                .Select(revisions => revisions.MaxBy(release => release.Revision)!)
                .OrderBy(release => release.Name, StringComparer.Ordinal),
        ];

    /// <exception cref="HelmException">Somebody else made this revision first.</exception>
    public async Task CreateAsync(HelmRelease release)
    {
        try
        {
            await client.CreateAsync(Collection, release.ToSecret("createdAt", clock.GetUtcNow()));
        }
        catch (KubeException exception) when (exception.AlreadyExists)
        {
            throw new HelmException("release: already exists");
        }
        catch (KubeException exception)
        {
            throw new HelmException("create: failed to create: " + exception.Message);
        }
    }

    public Task UpdateAsync(HelmRelease release) =>
        client.ReplaceAsync(Item(release), release.ToSecret("modifiedAt", clock.GetUtcNow()));

    public async Task DeleteAsync(HelmRelease release)
    {
        if (await client.FindAsync(Item(release)) is null)
        {
            throw new HelmException("release: not found");
        }

        await client.DeleteAsync(Item(release));
    }

    /// <summary>Forgets the oldest revisions so that one more can be kept.</summary>
    public async Task PruneAsync(IEnumerable<HelmRelease> history)
    {
        foreach (var old in history.Skip(KeptRevisions - 1).Where(release => release.Status != "deployed"))
        {
            await client.DeleteAsync(Item(old));
        }
    }

    private string Item(HelmRelease release) => Kinds.Secrets.Item(@namespace, release.Key);

    private async Task<IEnumerable<HelmRelease>> ReadAsync(string selector)
    {
        try
        {
            var secrets = await client.ListAsync(Collection, selector);
            return secrets.Select(HelmRelease.FromSecret).OfType<HelmRelease>();
        }
        catch (KubeException exception)
        {
            throw new HelmException("query: failed to query with labels: " + exception.Message);
        }
    }
}
