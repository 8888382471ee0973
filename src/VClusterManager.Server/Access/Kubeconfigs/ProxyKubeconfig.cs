using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using VClusterManager.Server.Kubernetes;

namespace VClusterManager.Server.Access.Kubeconfigs;

/// <summary>Writes kubeconfigs that lead through this server. Pure. Texts are quoted as JSON, which YAML reads.</summary>
internal static class ProxyKubeconfig
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <param name="authority">PEM; <see langword="null"/>: what the caller's system trusts will do.</param>
    public static string WithToken(NamespacedName cluster, Uri server, string? authority, string token) =>
        Of(cluster, server, authority, $"token: {Quote(token)}");

    /// <summary>kubectl asks <c>vcm</c> for a token whenever it needs one, so that the file itself holds no secret.</summary>
    public static string WithCommand(NamespacedName cluster, Uri server, string? authority) =>
        Of(
            cluster,
            server,
            authority,
            $"""
            exec:
                  apiVersion: client.authentication.k8s.io/v1
                  command: vcm
                  args: [token, --server, {Quote(Trim(server))}, --namespace, {Quote(cluster.Namespace)}, {Quote(
                cluster.Name
            )}]
                  interactiveMode: IfAvailable
                  provideClusterInfo: false
                  installHint: {Quote("vcm is the terminal client of vCluster Manager; log in with it first.")}
            """
        );

    private static string Of(NamespacedName cluster, Uri server, string? authority, string user)
    {
        var name = Quote(cluster.Name);
        var trust = authority is null
            ? ""
            : $"\n    certificate-authority-data: {Convert.ToBase64String(Encoding.ASCII.GetBytes(authority))}";
        return $"""
            apiVersion: v1
            kind: Config
            current-context: {name}
            clusters:
            - name: {name}
              cluster:
                server: {Quote($"{Trim(server)}/k8s/{cluster.Namespace}/{cluster.Name}")}{trust}
            contexts:
            - name: {name}
              context:
                cluster: {name}
                user: {name}
            users:
            - name: {name}
              user:
                {user}

            """;
    }

    private static string Trim(Uri server) => server.AbsoluteUri.TrimEnd('/');

    private static string Quote(string text) => JsonSerializer.Serialize(text, Readable);
}
