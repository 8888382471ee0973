using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using VClusterManager.Server.Kubernetes.Observing;

namespace VClusterManager.Server.Kubernetes;

/// <summary>A <c>Lease</c> (coordination.k8s.io/v1): who holds something, and until when unless it is renewed.</summary>
/// <param name="Holder">Empty: it was given back.</param>
/// <param name="Duration">How long it holds without being renewed, in whole seconds.</param>
/// <param name="AcquiredAt">When this holder took it, by that one's clock.</param>
/// <param name="RenewedAt">By the holder's clock: to be shown to people, not to be counted with.</param>
/// <param name="Transitions">How often it has passed to another holder.</param>
/// <param name="Version">Of the object on the host; empty: it is not there yet.</param>
internal sealed record HostLease(
    string Holder,
    TimeSpan Duration,
    DateTimeOffset AcquiredAt,
    DateTimeOffset RenewedAt,
    int Transitions,
    string Version
);

/// <summary>Reads and writes leases. A write is made only if the lease still is the one that was read.</summary>
internal sealed class HostLeases(HostApi api)
{
    private const string MicroTime = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    public Task<HostAnswer<HostLease>> ReadAsync(NamespacedName key, CancellationToken cancellation) =>
        api.GetAsync(HostResource.Lease.Object(key.Namespace, key.Name), Read, cancellation);

    /// <summary>Makes the lease, or writes it over the version that was read. <c>Conflict</c>: somebody was faster.</summary>
    public Task<HostWrite> WriteAsync(
        NamespacedName key,
        HostLease lease,
        IReadOnlyDictionary<string, string> labels,
        CancellationToken cancellation
    )
    {
        var metadata = new JsonObject
        {
            ["name"] = key.Name,
            ["namespace"] = key.Namespace,
            ["labels"] = new JsonObject(labels.Select(l => KeyValuePair.Create(l.Key, (JsonNode?)l.Value))),
        };
        if (lease.Version.Length > 0)
        {
            metadata["resourceVersion"] = lease.Version;
        }
        var body = new JsonObject
        {
            ["apiVersion"] = "coordination.k8s.io/v1",
            ["kind"] = HostResource.Lease.Kind,
            ["metadata"] = metadata,
            ["spec"] = Spec(lease),
        };
        return lease.Version.Length > 0
            ? api.WriteAsync(HttpMethod.Put, HostResource.Lease.Object(key.Namespace, key.Name), body, cancellation)
            : api.WriteAsync(HttpMethod.Post, HostResource.Lease.Collection(key.Namespace), body, cancellation);
    }

    private static JsonObject Spec(HostLease lease) =>
        new()
        {
            ["holderIdentity"] = lease.Holder,
            ["leaseDurationSeconds"] = (int)lease.Duration.TotalSeconds,
            ["acquireTime"] = Text(lease.AcquiredAt),
            ["renewTime"] = Text(lease.RenewedAt),
            ["leaseTransitions"] = lease.Transitions,
        };

    private static HostLease Read(JsonElement json)
    {
        // Everything in it may be missing: somebody may have made it by hand.
        var spec = json.TryGetProperty("spec", out var found) ? found : default;
        return new HostLease(
            Member(spec, "holderIdentity")?.GetString() ?? "",
            TimeSpan.FromSeconds(Member(spec, "leaseDurationSeconds")?.GetInt32() ?? 0),
            Member(spec, "acquireTime")?.GetDateTimeOffset() ?? DateTimeOffset.UnixEpoch,
            Member(spec, "renewTime")?.GetDateTimeOffset() ?? DateTimeOffset.UnixEpoch,
            Member(spec, "leaseTransitions")?.GetInt32() ?? 0,
            Observe.Metadata(json).ResourceVersion ?? ""
        );
    }

    private static JsonElement? Member(JsonElement spec, string name) =>
        spec.ValueKind == JsonValueKind.Object
        && spec.TryGetProperty(name, out var member)
        && member.ValueKind != JsonValueKind.Null
            ? member
            : null;

    private static string Text(DateTimeOffset at) => at.UtcDateTime.ToString(MicroTime, CultureInfo.InvariantCulture);
}
