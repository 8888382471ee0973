using System.Net;
using System.Text.Json;
using VClusterManager.Server.Kubernetes.Observing;

namespace VClusterManager.Server.Kubernetes;

/// <summary>Finds what belongs to a virtual cluster on the host, and what lies beside it.</summary>
internal sealed class HostTraces(HostApi api)
{
    // What the chart makes and the syncer copies.
    private static readonly HostResource[] Core =
    [
        HostResource.StatefulSet,
        HostResource.Deployment,
        HostResource.Pod,
        HostResource.Service,
        HostResource.Secret,
        HostResource.ConfigMap,
        HostResource.VolumeClaim,
        HostResource.ServiceAccount,
        HostResource.Role,
        HostResource.RoleBinding,
    ];

    // What the chart makes only when values ask for it. Helm works with our rights: what we may not even list was not made by it.
    private static readonly HostResource[] Optional =
    [
        HostResource.ResourceQuota,
        HostResource.LimitRange,
        HostResource.NetworkPolicy,
        HostResource.Ingress,
        HostResource.DisruptionBudget,
    ];

    private static readonly HostResource[] ClusterWide = [HostResource.ClusterRole, HostResource.ClusterRoleBinding];

    // What somebody may have put into the namespace and would miss.
    private static readonly HostResource[] Precious =
    [
        HostResource.Pod,
        HostResource.StatefulSet,
        HostResource.Deployment,
        HostResource.DaemonSet,
        HostResource.Job,
        HostResource.CronJob,
        HostResource.Service,
        HostResource.VolumeClaim,
        HostResource.Secret,
        HostResource.ConfigMap,
        HostResource.Ingress,
        HostResource.NetworkPolicy,
        HostResource.ServiceAccount,
        HostResource.Role,
        HostResource.RoleBinding,
    ];

    // Put into every namespace by Kubernetes, OpenShift and Istio.
    private static readonly string[] Everywhere =
    [
        "kube-root-ca.crt",
        "openshift-service-ca.crt",
        "istio-ca-root-cert",
    ];

    private static readonly string[] OwnAccounts = ["default", "builder", "deployer"];

    public Task<HostAnswer<IReadOnlyList<HostTrace>>> OfAsync(NamespacedName cluster, CancellationToken cancellation) =>
        FindAsync(
            [
                .. Core.Select(r => In(cluster.Namespace, r)),
                .. Optional.Select(r => In(cluster.Namespace, r, optional: true)),
                // Roles of the whole host are many: there the chart's labels narrow the question.
                .. ClusterWide.Select(r => new Place(
                    new HostQuery(
                        r,
                        null,
                        $"{ClusterLabels.Workload},{ClusterLabels.Release}={cluster.Name}",
                        MetadataOnly: true
                    ),
                    true
                )),
            ],
            (resource, meta) => Belongs(resource, meta, cluster),
            cancellation
        );

    public Task<HostAnswer<IReadOnlyList<HostTrace>>> BesideAsync(
        NamespacedName cluster,
        CancellationToken cancellation
    ) =>
        FindAsync(
            [.. Precious.Select(r => In(cluster.Namespace, r))],
            (resource, meta) => !Belongs(resource, meta, cluster) && !ComesByItself(resource, meta),
            cancellation
        );

    public Task<HostAnswer<IReadOnlyList<HostTrace>>> HeldInAsync(string @namespace, CancellationToken cancellation) =>
        FindAsync(
            [.. Core.Concat(Optional).Concat(Precious).Distinct().Select(r => In(@namespace, r, optional: true))],
            (_, meta) => meta is { DeletionTimestamp: not null, Finalizers.Count: > 0 },
            cancellation
        );

    /// <summary>Whether the object belongs to this virtual cluster; a tenant's own labels must not make it so.</summary>
    internal static bool Belongs(HostResource resource, ObjectMeta meta, NamespacedName cluster)
    {
        var app = Observe.Label(meta, ClusterLabels.App);
        var ofChart =
            app is "vcluster" or "vcluster-etcd" && Observe.Label(meta, ClusterLabels.Release) == cluster.Name;
        if (!resource.Namespaced)
            return ofChart && Observe.Annotation(meta, ClusterLabels.ReleaseNamespace) == cluster.Namespace;
        if (Observe.Label(meta, ClusterLabels.ManagedBy) is { } manager)
            return manager == cluster.Name;
        return ofChart
            || Observe.Label(meta, ClusterLabels.BelongsTo) == cluster.Name
            || (resource == HostResource.Secret && IsSecretOf(meta, app, cluster.Name))
            || (resource == HostResource.ServiceAccount && IsAccountOf(meta.Name, cluster.Name));
    }

    private static bool IsSecretOf(ObjectMeta meta, string? app, string cluster) =>
        (app == ClusterLabels.AppName && Observe.Label(meta, ClusterLabels.SyncerSecret) == cluster)
        || (Observe.Label(meta, "owner") == "helm" && Observe.Label(meta, "name") == cluster)
        || meta.Name == ClusterLabels.KubeconfigSecret(cluster)
        || meta.Name == $"{cluster}-certs"
        || meta.Name == $"vc-config-{cluster}"
        // The token that some distributions make for every service account.
        || (
            Observe.Annotation(meta, "kubernetes.io/service-account.name") is { } account
            && IsAccountOf(account, cluster)
        );

    private static bool IsAccountOf(string account, string cluster) =>
        account == $"vc-{cluster}" || account == $"vc-workload-{cluster}";

    private static bool ComesByItself(HostResource resource, ObjectMeta meta) =>
        (resource == HostResource.ConfigMap && Everywhere.Contains(meta.Name))
        || (resource == HostResource.ServiceAccount && OwnAccounts.Contains(meta.Name))
        // OpenShift's, in every project.
        || (resource == HostResource.RoleBinding && meta.Name.StartsWith("system:", StringComparison.Ordinal))
        || (
            resource == HostResource.Secret
            && Observe.Annotation(meta, "kubernetes.io/service-account.name") is { } account
            && OwnAccounts.Contains(account)
        );

    private async Task<HostAnswer<IReadOnlyList<HostTrace>>> FindAsync(
        IReadOnlyList<Place> places,
        Func<HostResource, ObjectMeta, bool> isWanted,
        CancellationToken cancellation
    ) =>
        await api.AnswerListsAsync<IReadOnlyList<HostTrace>>(
            async () =>
            {
                var found = await Task.WhenAll(places.Select(place => ListAsync(place, isWanted, cancellation)));
                return [.. found.SelectMany(traces => traces)];
            },
            cancellation
        );

    private async Task<List<HostTrace>> ListAsync(
        Place place,
        Func<HostResource, ObjectMeta, bool> isWanted,
        CancellationToken cancellation
    )
    {
        var (query, resource) = (place.Query, place.Query.Resource);
        var traces = new List<HostTrace>();
        try
        {
            await api.ListPagesAsync(query, Add, cancellation, api.Timeout);
        }
        catch (HostException e)
            when (place.Optional && e.Status is (HttpStatusCode.Forbidden or HttpStatusCode.NotFound))
        {
            // See Optional; a host may also lack the kind.
        }

        return traces;

        void Add(JsonElement item)
        {
            var meta = Observe.Metadata(item);
            if (isWanted(resource, meta))
                traces.Add(Observe.Trace(resource, meta));
        }
    }

    private static Place In(string @namespace, HostResource resource, bool optional = false) =>
        new(new HostQuery(resource, @namespace, MetadataOnly: true), optional);

    /// <param name="Optional">No right to list it is no obstacle.</param>
    private sealed record Place(HostQuery Query, bool Optional);
}
