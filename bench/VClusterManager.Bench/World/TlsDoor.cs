using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace VClusterManager.Bench.World;

/// <summary>A port on which a server speaks TLS, with a certificate of its own.</summary>
internal sealed record TlsDoor(int Port, string Files, string Thumbprint)
{
    /// <summary>For the section <c>server</c>.</summary>
    public string Yaml =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"tls: {{ port: {Port}, certificate: '{Files}.crt', key: '{Files}.key' }}"
        );

    public static TlsDoor Make(int port, string folder)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = new CertificateRequest("CN=bench", key, HashAlgorithmName.SHA256).CreateSelfSigned(
            now.AddHours(-1),
            now.AddDays(1)
        );
        var files = Path.Combine(folder, "tls");
        File.WriteAllText(files + ".crt", certificate.ExportCertificatePem());
        File.WriteAllText(files + ".key", key.ExportPkcs8PrivateKeyPem());
        return new TlsDoor(port, files, certificate.Thumbprint);
    }

    /// <summary>As kubectl comes in: HTTP/2, on a connection that stays.</summary>
    public HttpClient Client(string apiKey)
    {
        var http = new HttpClient(
            new SocketsHttpHandler
            {
                SslOptions = new SslClientAuthenticationOptions
                {
                    RemoteCertificateValidationCallback = (_, shown, _, _) =>
                        (shown as X509Certificate2)?.Thumbprint == Thumbprint,
                },
            }
        )
        {
            BaseAddress = new Uri($"https://127.0.0.1:{Port}"),
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        http.DefaultRequestHeaders.Add("X-API-Key", apiKey);
        return http;
    }
}
