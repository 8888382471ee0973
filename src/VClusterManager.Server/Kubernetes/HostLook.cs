using System.Net;
using System.Text.Json;
using VClusterManager.Server.Kubernetes.Observing;

namespace VClusterManager.Server.Kubernetes;

/// <summary>Reads one virtual cluster from the host, now: one question for each kind, all at once.</summary>
internal sealed class HostLook(HostApi api)
{
    public Task<HostAnswer<ObservedCluster>> AtAsync(NamespacedName key, CancellationToken cancellation) =>
        api.AnswerAsync(limited => ReadAsync(key, limited), cancellation);

    private async Task<ObservedCluster> ReadAsync(NamespacedName key, CancellationToken cancellation)
    {
        var ofRelease = $"{ClusterLabels.Release}={key.Name}";
        var workload = $"{ClusterLabels.Workload},{ofRelease}";
        var everything = $"{ClusterLabels.Ours},{ofRelease}";

        var home = NamespaceAsync(key.Namespace, cancellation);
        var sets = ListAsync(In(HostResource.StatefulSet, workload), Observe.StatefulSet);
        var deployments = ListAsync(In(HostResource.Deployment, workload), Observe.Deployment);
        var pods = ListAsync(In(HostResource.Pod, everything), ObservePods.Pod);
        var claims = ListAsync(In(HostResource.VolumeClaim, everything), Observe.VolumeClaim);
        var releases = ListAsync(
            In(HostResource.Secret, $"owner=helm,name={key.Name}") with
            {
                MetadataOnly = true,
            },
            secret => Observe.Release(Observe.Metadata(secret))
        );
        var kubeconfig = KubeconfigVersionAsync(key, cancellation);
        var warnings = WarningsAsync(key, cancellation);
        await Task.WhenAll(home, sets, deployments, pods, claims, releases, kubeconfig, warnings);

        var found = ClusterParts.Workload([.. await sets, .. await deployments]);
        return new ObservedCluster
        {
            Key = key,
            Namespace = await home,
            Workload = found,
            Pods = await pods,
            Releases = ClusterParts.NewestFirst(await releases),
            KubeconfigVersion = await kubeconfig,
            VolumeClaims = await claims,
            Warnings = ClusterParts.Warnings(key, found, await warnings),
        };

        HostQuery In(HostResource resource, string labels) => new(resource, key.Namespace, labels);

        async Task<List<T>> ListAsync<T>(HostQuery query, Func<JsonElement, T> project)
        {
            var items = new List<T>();
            await api.ListPagesAsync(query, item => items.Add(project(item)), cancellation);
            return items;
        }
    }

    private async Task<ObservedNamespace?> NamespaceAsync(string name, CancellationToken cancellation)
    {
        try
        {
            return await api.ReadAsync(HostResource.Namespace.Object(null, name), Observe.Namespace, cancellation);
        }
        catch (HostException e) when (e.IsMissing)
        {
            return null;
        }
    }

    private async Task<string?> KubeconfigVersionAsync(NamespacedName key, CancellationToken cancellation)
    {
        var path = HostResource.Secret.Object(key.Namespace, ClusterLabels.KubeconfigSecret(key.Name));
        try
        {
            return await api.ReadAsync(
                path,
                secret => Observe.Metadata(secret).ResourceVersion,
                cancellation,
                metadataOnly: true
            );
        }
        catch (HostException e) when (e.IsMissing)
        {
            return null;
        }
    }

    private async Task<List<ObservedWarning>> WarningsAsync(NamespacedName key, CancellationToken cancellation)
    {
        var warnings = new List<ObservedWarning>();
        var query = new HostQuery(HostResource.Event, key.Namespace, Fields: "type=Warning");
        try
        {
            await api.ListPagesAsync(query, item => warnings.Add(Observe.Warning(item)), cancellation);
        }
        catch (HostException e) when (e.Status == HttpStatusCode.Forbidden)
        {
            // Events explain; they decide nothing.
        }

        return warnings;
    }
}
