using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using k8s.KubeConfigModels;

namespace VClusterManager.Server.Kubernetes.Reaching;

/// <summary>How one trusts a virtual cluster and is trusted by it, as its own kubeconfig says.</summary>
/// <param name="Authority">Who signs its server certificates.</param>
/// <param name="Client">Of its administrator. Secret.</param>
internal sealed record ClusterCertificates(X509Certificate2Collection Authority, X509Certificate2 Client) : IDisposable
{
    /// <exception cref="FormatException">It is no kubeconfig with certificates; the text has no secret in it.</exception>
    public static ClusterCertificates Parse(string kubeconfig)
    {
        try
        {
            var config = KubeconfigText.Parse(kubeconfig);
            var cluster = config.Clusters?.FirstOrDefault()?.ClusterEndpoint;
            var user = config.Users?.FirstOrDefault()?.UserCredentials;
            var authority = new X509Certificate2Collection();
            authority.ImportFromPem(Pem(cluster?.CertificateAuthorityData));
            return authority.Count == 0
                ? throw new FormatException("it names no certificate authority")
                : new ClusterCertificates(authority, ClientOf(user));
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or YamlDotNet.Core.YamlException)
        {
            throw new FormatException("its certificates cannot be read", e);
        }
    }

    public void Dispose()
    {
        Client.Dispose();
        foreach (var certificate in Authority)
        {
            certificate.Dispose();
        }
    }

    /// <summary>A record prints its members.</summary>
    public override string ToString() => nameof(ClusterCertificates);

    private static X509Certificate2 ClientOf(UserCredentials? user)
    {
        using var pem = X509Certificate2.CreateFromPem(Pem(user?.ClientCertificateData), Pem(user?.ClientKeyData));
        // Some platforms cannot use a key that lives only in memory until it has been through a PFX.
        return X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pfx), password: null);
    }

    private static string Pem(string? data) =>
        string.IsNullOrEmpty(data)
            ? throw new FormatException("it has no certificates in it")
            : Encoding.ASCII.GetString(Convert.FromBase64String(data));
}
