using System.Text;
using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Authentication;
using VClusterManager.Sandbox.Controllers.Loop;
using VClusterManager.Sandbox.Json;
using VClusterManager.Sandbox.Store;

namespace VClusterManager.Sandbox.VirtualClusters;

/// <summary>The Secrets that the syncer writes beside a virtual cluster: how to get in, and its certificates.</summary>
internal static class SyncerSecrets
{
    private const string DefaultContext = "my-vcluster";

    public static string KubeconfigName(string cluster) => $"vc-{cluster}";

    public static string CertificatesName(string cluster) => $"{cluster}-certs";

    /// <summary>The kubeconfig and its parts. Only the context's name is taken from vcluster.yaml: the address is ours.</summary>
    public static JsonObject Kubeconfig(VirtualCluster cluster, StoredObject service, JsonObject? config)
    {
        using var client = cluster.Authority.IssueClient("kubernetes-super-admin", Identity.Masters);
        var authority = cluster.Authority.CertificatePem + "\n";
        var context = config.Text("exportKubeConfig", "context") is { Length: > 0 } named ? named : DefaultContext;
        var kubeconfig = Authentication.Kubeconfig.WithCertificate(
            context,
            cluster.Url,
            cluster.Authority.CertificatePem,
            client
        );
        var secret = Secret(cluster, KubeconfigName(cluster.Target.Name), service);
        secret["metadata"]!["ownerReferences"]![0]!["controller"] = false;
        secret["data"] = new JsonObject
        {
            ["certificate-authority"] = Encode(authority),
            ["client-certificate"] = Encode(client.ExportCertificatePem() + "\n"),
            ["client-key"] = Encode(CertificateAuthority.KeyPem(client)),
            ["config"] = Encode(kubeconfig),
            ["token"] = "",
        };
        return secret;
    }

    /// <summary>True when a kubeconfig Secret of that name leads to this cluster, not to an earlier one.</summary>
    public static bool IsFor(StoredObject secret, VirtualCluster cluster) =>
        secret.Json.Text("data", "certificate-authority") == Encode(cluster.Authority.CertificatePem + "\n");

    public static JsonObject Certificates(VirtualCluster cluster, StoredObject service)
    {
        var authority = cluster.Authority.CertificatePem + "\n";
        var secret = Secret(cluster, CertificatesName(cluster.Target.Name), service);
        secret["data"] = new JsonObject
        {
            ["ca.crt"] = Encode(authority),
            ["client-ca.crt"] = Encode(authority),
            ["server-ca.crt"] = Encode(authority),
        };
        return secret;
    }

    private static JsonObject Secret(VirtualCluster cluster, string name, StoredObject service) =>
        new()
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = name,
                ["labels"] = new JsonObject { ["app"] = "vcluster", ["vcluster-name"] = cluster.Target.Name },
                ["ownerReferences"] = new JsonArray(Owners.Reference(service)),
            },
            ["type"] = "Opaque",
        };

    private static string Encode(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
