using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Registry;
using VClusterManager.Sandbox.Resources;

namespace VClusterManager.Sandbox.VirtualClusters;

/// <summary>What a fresh virtual cluster holds: the usual namespaces, a node, and CoreDNS.</summary>
internal static class VirtualClusterSeed
{
    private const string Image = "coredns/coredns:1.14.1";

    private static readonly WriteOptions Syncer = new("vcluster");

    public static void Plant(EmulatedCluster cluster)
    {
        BootObjects.CreateIn(cluster);
        var registry = cluster.Registry;
        registry.Create(ResourceCatalog.ServiceAccounts, "kube-system", Named("coredns"), Syncer);
        registry.Create(ResourceCatalog.ConfigMaps, "kube-system", ConfigMap(), Syncer);
        registry.Create(ResourceCatalog.Services, "kube-system", Service(), Syncer);
        registry.Create(ResourceCatalog.Deployments, "kube-system", Deployment(), Syncer);
    }

    private static JsonObject Named(string name) => new() { ["metadata"] = new JsonObject { ["name"] = name } };

    private static JsonObject Labels() => new() { ["k8s-app"] = "vcluster-kube-dns" };

    private static JsonObject ConfigMap()
    {
        var map = Named("coredns");
        map["data"] = new JsonObject
        {
            ["Corefile"] =
                ".:1053 {\n    errors\n    health\n    ready\n    kubernetes cluster.local in-addr.arpa ip6.arpa {\n        pods insecure\n        fallthrough in-addr.arpa ip6.arpa\n    }\n    forward . /etc/resolv.conf\n    cache 30\n    loop\n    loadbalance\n}\n",
            ["NodeHosts"] = "",
        };
        return map;
    }

    private static JsonObject Service()
    {
        var service = Named("kube-dns");
        service["spec"] = new JsonObject
        {
            ["selector"] = Labels(),
            ["ports"] = new JsonArray(Port("dns", 53, "UDP"), Port("dns-tcp", 53, "TCP"), Port("metrics", 9153, "TCP")),
        };
        return service;
    }

    private static JsonObject Port(string name, int number, string protocol) =>
        new()
        {
            ["name"] = name,
            ["port"] = number,
            ["protocol"] = protocol,
        };

    private static JsonObject Deployment()
    {
        var deployment = Named("coredns");
        var container = new JsonObject
        {
            ["name"] = "coredns",
            ["image"] = Image,
            ["args"] = new JsonArray("-conf", "/etc/coredns/Corefile"),
        };
        deployment["spec"] = new JsonObject
        {
            ["replicas"] = 1,
            ["selector"] = new JsonObject { ["matchLabels"] = Labels() },
            ["template"] = new JsonObject
            {
                ["metadata"] = new JsonObject { ["labels"] = Labels() },
                ["spec"] = new JsonObject
                {
                    ["serviceAccountName"] = "coredns",
                    ["containers"] = new JsonArray(container),
                },
            },
        };
        return deployment;
    }
}
