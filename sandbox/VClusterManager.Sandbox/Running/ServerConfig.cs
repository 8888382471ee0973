using System.Globalization;
using VClusterManager.Sandbox.Authentication;

namespace VClusterManager.Sandbox.Running;

/// <summary>Writes what the manager needs to run on the sandbox: its configuration, certificate and kubeconfig.</summary>
internal sealed record ServerConfig(string Folder, int Port, int TlsPort)
{
    public string ConfigFile => Path.Combine(Folder, "config.yaml");

    /// <summary>For people: an administrator's.</summary>
    public string KubeconfigFile => Path.Combine(Folder, "kubeconfig.yaml");

    public string AuthorityFile => Path.Combine(Folder, "ca.crt");

    public Uri Url => new($"http://127.0.0.1:{Port}");

    public Uri TlsUrl => new($"https://127.0.0.1:{TlsPort}");

    private string ServerKubeconfigFile => Path.Combine(Folder, "server-kubeconfig.yaml");

    private string CertificateFile => Path.Combine(Folder, "tls.crt");

    private string KeyFile => Path.Combine(Folder, "tls.key");

    public void Write(EmulatedHost host, AdminLogin login)
    {
        Directory.CreateDirectory(Folder);
        PrivateFile.Write(KubeconfigFile, host.Kubeconfig);
        PrivateFile.Write(ServerKubeconfigFile, ServerAccount.KubeconfigOn(host.Cluster));
        var authority = host.Cluster.Authority;
        File.WriteAllText(AuthorityFile, authority.CertificatePem + "\n");
        using var certificate = authority.IssueServer("vcluster-manager", ["localhost"]);
        File.WriteAllText(CertificateFile, certificate.ExportCertificatePem() + "\n" + authority.CertificatePem + "\n");
        PrivateFile.Write(KeyFile, CertificateAuthority.KeyPem(certificate));
        PrivateFile.Write(ConfigFile, Yaml(login));
    }

    private string Yaml(AdminLogin login) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"""
            # Written by the sandbox at every start.
            server:
              host: 127.0.0.1
              port: {Port}
              public_url: {TlsUrl.GetLeftPart(UriPartial.Authority)}
              tls:
                port: {TlsPort}
                certificate: {Quote(CertificateFile)}
                key: {Quote(KeyFile)}
            auth:
              api_keys:
                admin:
                  key: {login.Key}
                  role: admin
              jwt:
                secret_key: {login.TokenSecret}
              users: {Users(login)}
            kubernetes:
              kubeconfig: {Quote(ServerKubeconfigFile)}
            access:
              certificate_authority: {Quote(AuthorityFile)}
            vcluster:
              executable: {Quote(BuildPaths.VCluster)}
              helm: {Quote(BuildPaths.Helm)}
            dynamic_endpoints:
              config_path: {Quote(BuildPaths.Endpoints)}
            database:
              url: {Quote("sqlite:" + Path.Combine(Folder, "vcluster-manager.db"))}

            """
        );

    private static string Users(AdminLogin login) =>
        login.PasswordHash is { } hash
            ? $"{"{"}{AdminLogin.User}: {"{"}password_hash: {Quote(hash)}, role: admin{"}}"}"
            : "{}";

    private static string Quote(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
