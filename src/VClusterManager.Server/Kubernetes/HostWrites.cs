using System.Text.Json.Nodes;

namespace VClusterManager.Server.Kubernetes;

/// <summary>The few changes that the manager makes on the host itself; everything else the vcluster CLI does.</summary>
internal sealed class HostWrites(HostApi api)
{
    /// <summary>Makes the namespace. <c>Conflict</c> when there is one of that name already.</summary>
    public Task<HostWrite> CreateNamespaceAsync(
        string name,
        IReadOnlyDictionary<string, string> labels,
        IReadOnlyDictionary<string, string> annotations,
        CancellationToken cancellation
    )
    {
        var metadata = new JsonObject
        {
            ["name"] = name,
            ["labels"] = Map(labels!),
            ["annotations"] = Map(annotations!),
        };
        var body = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Namespace",
            ["metadata"] = metadata,
        };
        return api.WriteAsync(HttpMethod.Post, HostResource.Namespace.Collection(null), body, cancellation);
    }

    /// <summary>Merges labels and annotations into the namespace (<paramref name="workload"/> null) or the workload; a null value removes.</summary>
    public Task<HostWrite> StampAsync(
        NamespacedName key,
        WorkloadKind? workload,
        IReadOnlyDictionary<string, string?> labels,
        IReadOnlyDictionary<string, string?> annotations,
        CancellationToken cancellation
    )
    {
        var path = workload switch
        {
            null => HostResource.Namespace.Object(null, key.Namespace),
            WorkloadKind.StatefulSet => HostResource.StatefulSet.Object(key.Namespace, key.Name),
            WorkloadKind.Deployment => HostResource.Deployment.Object(key.Namespace, key.Name),
            _ => throw new ArgumentOutOfRangeException(nameof(workload)),
        };
        var metadata = new JsonObject();
        // An empty map would be one in the request's audit for nothing.
        if (labels.Count > 0)
            metadata["labels"] = Map(labels);
        if (annotations.Count > 0)
            metadata["annotations"] = Map(annotations);
        return api.WriteAsync(HttpMethod.Patch, path, new JsonObject { ["metadata"] = metadata }, cancellation);
    }

    /// <summary>Merges labels and annotations into the namespace if it still is the one that was looked at.</summary>
    public Task<HostWrite> StampNamespaceAsync(
        ObservedNamespace home,
        IReadOnlyDictionary<string, string> labels,
        IReadOnlyDictionary<string, string> annotations,
        CancellationToken cancellation
    )
    {
        var metadata = new JsonObject
        {
            ["uid"] = home.Uid,
            ["labels"] = Map(labels!),
            ["annotations"] = Map(annotations!),
        };
        var path = HostResource.Namespace.Object(null, home.Name);
        return api.WriteAsync(HttpMethod.Patch, path, new JsonObject { ["metadata"] = metadata }, cancellation);
    }

    /// <summary>Deletes the namespace if it still is the one that was looked at.</summary>
    public Task<HostWrite> DeleteNamespaceAsync(string name, string uid, CancellationToken cancellation) =>
        DeleteAsync(HostResource.Namespace.Object(null, name), uid, cancellation);

    /// <summary>Deletes one object if it still is the one that was looked at.</summary>
    public Task<HostWrite> DeleteAsync(HostTrace trace, CancellationToken cancellation) =>
        DeleteAsync(HostResource.OfKind(trace.Kind).Object(trace.Namespace, trace.Name), trace.Uid, cancellation);

    /// <summary>Removes the finalizers of one object if it still is the one that was looked at: what is being deleted goes at once.</summary>
    public Task<HostWrite> LetGoAsync(HostTrace trace, CancellationToken cancellation)
    {
        var metadata = new JsonObject { ["uid"] = trace.Uid, ["finalizers"] = null };
        var path = HostResource.OfKind(trace.Kind).Object(trace.Namespace, trace.Name);
        return api.WriteAsync(HttpMethod.Patch, path, new JsonObject { ["metadata"] = metadata }, cancellation);
    }

    private async Task<HostWrite> DeleteAsync(string path, string uid, CancellationToken cancellation)
    {
        var body = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "DeleteOptions",
            ["preconditions"] = new JsonObject { ["uid"] = uid },
            ["propagationPolicy"] = "Background",
        };
        var outcome = await api.WriteAsync(HttpMethod.Delete, path, body, cancellation);
        // So some versions answer for a namespace that is on its way out already.
        return
            outcome is HostWrite.Conflict { Reason: var reason }
            && reason.Contains("ensuring all content is removed", StringComparison.Ordinal)
            ? new HostWrite.Done()
            : outcome;
    }

    private static JsonObject Map(IEnumerable<KeyValuePair<string, string?>> entries) =>
        new(entries.Select(e => KeyValuePair.Create(e.Key, (JsonNode?)e.Value)));
}
