using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace VClusterManager.Sandbox.Authentication;

/// <summary>Writes kubeconfigs: one cluster, one user, one context.</summary>
internal static class Kubeconfig
{
    public static string WithCertificate(string name, Uri server, string authorityPem, X509Certificate2 client) =>
        Write(
            name,
            server,
            authorityPem,
            $"""
                client-certificate-data: {Encode(client.ExportCertificatePem() + "\n")}
                client-key-data: {Encode(CertificateAuthority.KeyPem(client))}
            """
        );

    public static string WithToken(string name, Uri server, string authorityPem, string token) =>
        Write(name, server, authorityPem, $"    token: {token}");

    private static string Write(string name, Uri server, string authorityPem, string user) =>
        $"""
            apiVersion: v1
            clusters:
            - cluster:
                certificate-authority-data: {Encode(authorityPem + "\n")}
                server: {server.ToString().TrimEnd('/')}
              name: {name}
            contexts:
            - context:
                cluster: {name}
                user: {name}
              name: {name}
            current-context: {name}
            kind: Config
            users:
            - name: {name}
              user:
            {user}

            """;

    private static string Encode(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
