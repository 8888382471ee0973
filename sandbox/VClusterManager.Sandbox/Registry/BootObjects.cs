using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Authorization;
using VClusterManager.Sandbox.Controllers.Pods;
using VClusterManager.Sandbox.Resources;

namespace VClusterManager.Sandbox.Registry;

/// <summary>What lies in a cluster from its first moment.</summary>
internal static class BootObjects
{
    private static readonly string[] Namespaces = ["default", "kube-node-lease", "kube-public", "kube-system"];

    /// <summary>The way to the API from inside the cluster.</summary>
    private static JsonObject ApiService() =>
        new()
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = "kubernetes",
                ["labels"] = new JsonObject { ["component"] = "apiserver", ["provider"] = "kubernetes" },
            },
            ["spec"] = new JsonObject
            {
                ["clusterIP"] = "10.96.0.1",
                ["ports"] = new JsonArray(
                    new JsonObject
                    {
                        ["name"] = "https",
                        ["port"] = 443,
                        ["targetPort"] = 6443,
                    }
                ),
            },
        };

    private static JsonObject StorageClass() =>
        new()
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = "standard",
                ["annotations"] = new JsonObject { ["storageclass.kubernetes.io/is-default-class"] = "true" },
            },
            ["provisioner"] = "sandbox.vcluster-manager.io/volumes",
        };

    public static void CreateIn(EmulatedCluster cluster)
    {
        foreach (var name in Namespaces)
        {
            cluster.Registry.Create(
                ResourceCatalog.Namespaces,
                "",
                new JsonObject { ["metadata"] = new JsonObject { ["name"] = name } },
                new WriteOptions("kube-apiserver")
            );
        }

        DefaultRoles.CreateIn(cluster.Registry);
        cluster.Registry.Create(ResourceCatalog.Services, "default", ApiService(), new WriteOptions("kube-apiserver"));
        var now = cluster.Time.GetUtcNow();
        var kubelet = new WriteOptions("kubelet");
        cluster.Registry.Create(ResourceCatalog.Nodes, "", Node.Definition(cluster.Version, now), kubelet);
        cluster.Registry.Create(ResourceCatalog.Leases, "kube-node-lease", Node.Lease(now), kubelet);
        cluster.Registry.Create(ResourceCatalog.StorageClasses, "", StorageClass(), new WriteOptions("sandbox"));
    }
}
