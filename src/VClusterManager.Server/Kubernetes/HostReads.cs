using System.Text;
using System.Text.Json;
using VClusterManager.Server.Kubernetes.Observing;

namespace VClusterManager.Server.Kubernetes;

/// <summary>Questions put to the host's API itself, for the moments in which the cache is not good enough.</summary>
internal sealed class HostReads(HostApi api, HostView view)
{
    private readonly HostLook _look = new(api);
    private readonly HostTraces _traces = new(api);
    private readonly HostBelongings _belongings = new(api);
    private readonly KubeconfigCache _kubeconfigs = new();

    /// <summary>The whole of one cluster, read now. Never <c>Missing</c>: absent parts are absent in the answer.</summary>
    public Task<HostAnswer<ObservedCluster>> LookAsync(NamespacedName key, CancellationToken cancellation) =>
        _look.AtAsync(key, cancellation);

    /// <summary>Every object that belongs to this virtual cluster and is still there, the namespace not counted.</summary>
    public Task<HostAnswer<IReadOnlyList<HostTrace>>> TracesAsync(NamespacedName key, CancellationToken cancellation) =>
        _traces.OfAsync(key, cancellation);

    /// <summary>What lies in the namespace that does not belong to this virtual cluster (what Kubernetes itself puts into every namespace not counted).</summary>
    public Task<HostAnswer<IReadOnlyList<HostTrace>>> StrangersAsync(
        NamespacedName key,
        CancellationToken cancellation
    ) => _traces.BesideAsync(key, cancellation);

    /// <summary>What is being deleted in this namespace, whosever it is, and stays only for its finalizers; of the kinds that the manager knows.</summary>
    public Task<HostAnswer<IReadOnlyList<HostTrace>>> HeldAsync(string @namespace, CancellationToken cancellation) =>
        _traces.HeldInAsync(@namespace, cancellation);

    /// <summary>The volumes, config maps and secrets of all virtual clusters on the host, whosever they are and whether they are still there or not.</summary>
    public Task<HostAnswer<IReadOnlyList<HostBelonging>>> BelongingsAsync(CancellationToken cancellation) =>
        _belongings.FindAsync(cancellation);

    public Task<HostAnswer<ObservedNamespace>> NamespaceAsync(string name, CancellationToken cancellation) =>
        api.GetAsync(HostResource.Namespace.Object(null, name), Observe.Namespace, cancellation);

    /// <summary>The kubeconfig inside <c>vc-NAME</c>, read once for each version of the secret.</summary>
    /// <remarks>Which version is the newest one, the watch knows; while it is stale, the secret is read.</remarks>
    public async Task<HostAnswer<string>> KubeconfigAsync(NamespacedName key, CancellationToken cancellation)
    {
        var freshness = view.Freshness;
        if (
            freshness is { Synced: true, Stale: false }
            && view.Find(key).KubeconfigVersion is { } version
            && _kubeconfigs.Find(key, version) is { } known
        )
            return new HostAnswer<string>.Found(known);

        var path = HostResource.Secret.Object(key.Namespace, ClusterLabels.KubeconfigSecret(key.Name));
        var answer = await api.GetAsync(path, Kubeconfig, cancellation);
        switch (answer)
        {
            case HostAnswer<(string Version, string? Text)>.Found({ Text: { } text } secret):
                _kubeconfigs.Keep(key, secret.Version, text);
                return new HostAnswer<string>.Found(text);
            case HostAnswer<(string Version, string? Text)>.Unreadable unreadable:
                return new HostAnswer<string>.Unreadable(unreadable.Reason, unreadable.Forbidden);
            default:
                // The syncer makes the secret first and fills it then.
                return new HostAnswer<string>.Missing();
        }
    }

    /// <summary>What is inside this Helm release; <c>Missing</c> when there is no such secret.</summary>
    public Task<HostAnswer<HelmReleaseContent>> ReleaseAsync(
        NamespacedName key,
        ObservedRelease release,
        CancellationToken cancellation
    ) => api.GetAsync(HostResource.Secret.Object(key.Namespace, release.SecretName), HelmRelease.Read, cancellation);

    /// <summary>The log of a pod's container as UTF-8 text; the caller disposes the stream.</summary>
    public async Task<HostAnswer<Stream>> PodLogAsync(
        NamespacedName pod,
        string container,
        int tailLines,
        bool follow,
        bool previous,
        CancellationToken cancellation,
        int? limitBytes = null
    )
    {
        var path =
            $"{HostResource.Pod.Object(pod.Namespace, pod.Name)}/log?container={Uri.EscapeDataString(container)}"
            + $"&tailLines={tailLines}{(follow ? "&follow=true" : "")}{(previous ? "&previous=true" : "")}"
            + (limitBytes is { } most ? $"&limitBytes={most}" : "");
        // The limit is for the head of the answer: what follows may take for ever.
        var answer = await api.AnswerAsync(limited => api.OpenAsync(path, "text/plain,*/*", limited), cancellation);
        return answer switch
        {
            HostAnswer<HttpResponseMessage>.Found(var response) => new HostAnswer<Stream>.Found(
                await response.Content.ReadAsStreamAsync(cancellation)
            ),
            HostAnswer<HttpResponseMessage>.Unreadable(var reason, var forbidden) => new HostAnswer<Stream>.Unreadable(
                reason,
                forbidden
            ),
            _ => new HostAnswer<Stream>.Missing(),
        };
    }

    /// <summary>Whether the host has a default StorageClass.</summary>
    public async Task<HostAnswer<bool>> DefaultStorageClassAsync(CancellationToken cancellation)
    {
        var answer = await api.ListAsync(
            new HostQuery(HostResource.StorageClass, MetadataOnly: true),
            Observe.Metadata,
            cancellation
        );
        return answer switch
        {
            HostAnswer<IReadOnlyList<ObjectMeta>>.Found(var classes) => new HostAnswer<bool>.Found(
                classes.Any(c =>
                    Observe.Annotation(c, "storageclass.kubernetes.io/is-default-class") == "true"
                    || Observe.Annotation(c, "storageclass.beta.kubernetes.io/is-default-class") == "true"
                )
            ),
            HostAnswer<IReadOnlyList<ObjectMeta>>.Unreadable(var reason, var forbidden) =>
                new HostAnswer<bool>.Unreadable(reason, forbidden),
            // Not said of a list.
            _ => new HostAnswer<bool>.Found(false),
        };
    }

    /// <summary>The load balancer that leads to a cluster's Service; <see langword="null"/>: none does (yet).</summary>
    public Task<HostAnswer<string?>> LoadBalancerAsync(NamespacedName key, CancellationToken cancellation) =>
        api.GetAsync(HostResource.Service.Object(key.Namespace, key.Name), Observe.LoadBalancer, cancellation);

    private static (string Version, string? Text) Kubeconfig(JsonElement secret)
    {
        var version = Observe.Metadata(secret).ResourceVersion ?? "";
        return
            secret.TryGetProperty("data", out var data)
            && data.ValueKind == JsonValueKind.Object
            && data.TryGetProperty("config", out var config)
            && config.TryGetBytesFromBase64(out var bytes)
            && bytes.Length > 0
            ? (version, Encoding.UTF8.GetString(bytes))
            : (version, null);
    }
}
