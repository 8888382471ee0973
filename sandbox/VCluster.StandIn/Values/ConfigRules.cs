using System.Globalization;
using System.Text.Json.Nodes;

namespace VCluster.StandIn.Values;

/// <summary>Rules over the whole of a configuration, beyond the types of its keys.</summary>
internal static class ConfigRules
{
    private const string BackingStore = "controlPlane.backingStore.";

    private static readonly string[] PaidSwitches =
    [
        "controlPlane.backingStore.etcd.embedded.enabled",
        "controlPlane.backingStore.database.external.enabled",
        "controlPlane.coredns.embedded",
        "controlPlane.hostPathMapper.central",
        "experimental.isolatedControlPlane.enabled",
        "privateNodes.enabled",
        "sync.toHost.namespaces.enabled",
        "sync.toHost.pods.hybridScheduling.enabled",
    ];

    private static readonly string[] PaidSections =
    [
        "deletion",
        "experimental.denyProxyRequests",
        "external.platform",
        "networking.resolveDNS",
        "platform",
        "policies.centralAdmission.mutatingWebhooks",
        "policies.centralAdmission.validatingWebhooks",
        "sleep",
        "snapshots",
        "sync.fromHost.customResources",
        "sync.toHost.customResources",
    ];

    /// <summary>Which store a configuration asks for, in the words of describe.</summary>
    public static string StoreOf(JsonObject values) =>
        ValuesTree.IsOn(values, BackingStore + "etcd.embedded.enabled") ? "embedded-etcd"
        : ValuesTree.IsOn(values, BackingStore + "etcd.external.enabled") ? "external-etcd"
        : ValuesTree.IsOn(values, BackingStore + "etcd.deploy.enabled") ? "deployed-etcd"
        : ValuesTree.IsOn(values, BackingStore + "database.embedded.enabled") ? "embedded-database"
        : ValuesTree.IsOn(values, BackingStore + "database.external.enabled") ? "external-database"
        : "embedded-database";

    /// <summary>Whether it uses something that needs a platform to be logged in to.</summary>
    public static bool UsesPaidFeature(JsonObject values) =>
        PaidSwitches.Any(path => ValuesTree.IsOn(values, path))
        || PaidSections.Any(path =>
            ValuesTree.At(values, path) is JsonObject { Count: > 0 } or JsonArray { Count: > 0 }
        );

    /// <exception cref="ValuesException">Several replicas would share one SQLite file.</exception>
    public static void CheckReplicas(JsonObject values)
    {
        var given = ValuesTree.At(values, "controlPlane.statefulSet.highAvailability.replicas")?.ToString();
        var replicas = int.TryParse(given, CultureInfo.InvariantCulture, out var number) ? number : 1;
        if (replicas > 1 && StoreOf(values) == "embedded-database")
        {
            throw new ValuesException(
                "cannot use default embedded database (sqlite) in high availability mode. Try embedded etcd backing store instead"
            );
        }
    }

    /// <exception cref="ValuesException">The upgrade would leave the data behind or move namespaces.</exception>
    public static void CheckChange(JsonObject before, JsonObject after)
    {
        var (from, to) = (StoreOf(before), StoreOf(after));
        var allowed = (from, to) switch
        {
            _ when from == to => true,
            ("external-etcd" or "deployed-etcd" or "embedded-database", "deployed-etcd" or "embedded-etcd") => true,
            ("embedded-database", "external-database") => true,
            _ => false,
        };
        if (!allowed)
        {
            throw new ValuesException(
                $"seems like you were using {from} as a store before and now have switched to {to}, please make sure to not switch between vCluster stores"
            );
        }

        foreach (var path in (string[])["sync.toHost.namespaces.enabled", "sync.toHost.namespaces.mappingsOnly"])
        {
            if (ValuesTree.IsOn(before, path) != ValuesTree.IsOn(after, path))
            {
                throw new ValuesException($"{path} is not allowed to be changed");
            }
        }
    }
}
