using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;

namespace VCluster.StandIn.Kubernetes;

/// <summary>A kubeconfig that names no server one could talk to; the message is Go's.</summary>
internal sealed class KubeConfigException(string message) : Exception(message);

/// <summary>Where an API server is and how to be let in: what one context of a kubeconfig says.</summary>
internal sealed record KubeEndpoint(Uri Server, string Context)
{
    public string Namespace { get; private init; } = "";

    public string? Token { get; private init; }

    public string? BasicCredentials { get; private init; }

    public X509Certificate2? ClientCertificate { get; private init; }

    public X509Certificate2Collection? Authorities { get; private init; }

    public bool SkipsVerification { get; private init; }

    /// <exception cref="KubeConfigException">The context is missing or its parts are.</exception>
    public static KubeEndpoint From(KubeConfigFile file, string context)
    {
        if (file.IsEmpty)
        {
            throw new KubeConfigException(
                "failed to get kube client config: invalid configuration: no configuration has been provided, try setting KUBERNETES_MASTER environment variable"
            );
        }

        var chosen =
            file.Find("contexts", context)
            ?? throw new KubeConfigException($"failed to get kube client config: context \"{context}\" does not exist");
        var cluster = file.Find("clusters", Text(chosen, "cluster")) ?? [];
        var user = file.Find("users", Text(chosen, "user")) ?? [];
        var server = Text(cluster, "server") is { Length: > 0 } given ? given : "http://localhost:8080";
        if (user.ContainsKey("exec") || user.ContainsKey("auth-provider"))
        {
            throw new KubeConfigException(
                "failed to create kube client: create kube client: credential plugins are not part of the stand-in"
            );
        }

        return new KubeEndpoint(new Uri(server.TrimEnd('/') + "/"), context)
        {
            Namespace = Text(chosen, "namespace"),
            Token = TokenOf(user),
            BasicCredentials = Text(user, "username") is { Length: > 0 } name
                ? Convert.ToBase64String(Encoding.UTF8.GetBytes($"{name}:{Text(user, "password")}"))
                : null,
            ClientCertificate = CertificateOf(user),
            Authorities = AuthoritiesOf(cluster),
            SkipsVerification = Text(cluster, "insecure-skip-tls-verify") == "true",
        };
    }

    private static string? TokenOf(JsonObject user) =>
        Text(user, "tokenFile") is { Length: > 0 } path ? File.ReadAllText(path).Trim()
        : Text(user, "token") is { Length: > 0 } token ? token
        : null;

    private static X509Certificate2? CertificateOf(JsonObject user)
    {
        var (certificate, key) = (Pem(user, "client-certificate"), Pem(user, "client-key"));
        if (certificate is null || key is null)
        {
            return null;
        }

        try
        {
            return X509Certificate2.CreateFromPem(certificate, key);
        }
        catch (CryptographicException)
        {
            var which = certificate.Contains("-----BEGIN", StringComparison.Ordinal) ? "key" : "certificate";
            throw new KubeConfigException(
                $"failed to create kube client: create kube client: tls: failed to find any PEM data in {which} input"
            );
        }
    }

    private static X509Certificate2Collection? AuthoritiesOf(JsonObject cluster)
    {
        if (Pem(cluster, "certificate-authority") is not { } pem)
        {
            return null;
        }

        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPem(pem);
        return authorities;
    }

    /// <summary>A PEM text, given as <c>KEY-data</c> in base64 or as a file named by <c>KEY</c>.</summary>
    private static string? Pem(JsonObject entry, string key)
    {
        if (Text(entry, key + "-data") is { Length: > 0 } data)
        {
            try
            {
                return Encoding.UTF8.GetString(Convert.FromBase64String(data));
            }
            catch (FormatException)
            {
                return data;
            }
        }

        return Text(entry, key) is { Length: > 0 } path ? File.ReadAllText(path) : null;
    }

    private static string Text(JsonObject entry, string key) => entry[key]?.ToString() ?? "";
}
