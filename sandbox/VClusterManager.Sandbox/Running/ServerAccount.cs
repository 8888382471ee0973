using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Authentication;
using VClusterManager.Sandbox.Json;
using VClusterManager.Sandbox.Registry;
using VClusterManager.Sandbox.Resources;

namespace VClusterManager.Sandbox.Running;

/// <summary>
/// The service account that the manager works with, made from the manifests that are shipped: so it has no more rights
/// here than on a real host.
/// </summary>
internal static class ServerAccount
{
    private const string Name = "vcluster-manager";

    private static readonly string[] Manifests = ["k8s/namespace.yaml", "k8s/rbac.yaml"];

    /// <summary>Makes the account, or brings that of an earlier run up to date; gives a kubeconfig with a token that does not end.</summary>
    public static string KubeconfigOn(EmulatedCluster host)
    {
        foreach (var manifest in Manifests.SelectMany(name => YamlText.ParseAll(Read(name))).OfType<JsonObject>())
        {
            var resource =
                ResourceCatalog.FindKind(manifest.Text("apiVersion") ?? "", manifest.Text("kind") ?? "")
                ?? throw new SandboxException($"the host knows no {manifest.Text("kind")}");
            var metadata = manifest.Ensure("metadata");
            host.Registry.Apply(
                resource,
                metadata.Text("namespace") ?? "",
                metadata.Text("name") ?? "",
                manifest,
                force: true,
                new WriteOptions("sandbox")
            );
        }

        var account = host.Registry.Get(ResourceCatalog.ServiceAccounts, Name, Name);
        var token = host.ServiceAccountTokens.Issue(
            Name,
            Name,
            account.Uid,
            [ServiceAccountTokens.Issuer],
            expires: null
        );
        return Kubeconfig.WithToken(host.Name, host.Url, host.Authority.CertificatePem, token);
    }

    private static string Read(string name)
    {
        using var stream = typeof(ServerAccount).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
