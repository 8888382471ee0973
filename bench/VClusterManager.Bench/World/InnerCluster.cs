using System.Net;
using System.Net.Http.Json;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using k8s;
using k8s.KubeConfigModels;

namespace VClusterManager.Bench.World;

/// <summary>A virtual cluster, and the straight way into it.</summary>
internal sealed record InnerCluster(string Name, Uri Url, string Certificates)
{
    /// <summary>Through the manager.</summary>
    public string ProxyPath => $"/k8s/vcluster-{Name}/{Name}";

    /// <summary>Asks a manager for one, and writes its certificates into files.</summary>
    public static async Task<InnerCluster> MakeAsync(HttpClient http, string name, string folder)
    {
        using var made = await http.PostAsJsonAsync("/api/clusters?wait=120", new { name });
        made.EnsureSuccessStatusCode();
        var text = await http.GetStringAsync(new Uri($"/api/clusters/{name}/kubeconfig?mode=direct", UriKind.Relative));
        var config = KubernetesYaml.Deserialize<K8SConfiguration>(text);
        var user = config.Users.First().UserCredentials;
        var cluster = config.Clusters.First().ClusterEndpoint;
        var files = Path.Combine(folder, name);
        await WriteAsync(files + ".crt", user.ClientCertificateData);
        await WriteAsync(files + ".key", user.ClientKeyData);
        await WriteAsync(files + ".ca", cluster.CertificateAuthorityData);
        return new InnerCluster(name, new Uri(cluster.Server), files);
    }

    /// <summary>As kubectl comes in: over TLS with HTTP/2, on a connection that stays.</summary>
    public HttpClient Direct()
    {
        using var pem = X509Certificate2.CreateFromPemFile(Certificates + ".crt", Certificates + ".key");
        var client = X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pfx), password: null);
        var trust = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        trust.CustomTrustStore.ImportFromPemFile(Certificates + ".ca");
        return new HttpClient(
            new SocketsHttpHandler
            {
                SslOptions = new SslClientAuthenticationOptions
                {
                    ClientCertificates = [client],
                    CertificateChainPolicy = trust,
                },
            }
        )
        {
            BaseAddress = Url,
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
    }

    private static Task WriteAsync(string file, string data) =>
        File.WriteAllTextAsync(file, Encoding.ASCII.GetString(Convert.FromBase64String(data)));
}
