using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace VClusterManager.Sandbox.Tests.TestHost;

/// <summary>An emulated host for one test class, and plain HTTP clients for it.</summary>
public sealed partial class SandboxHost : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly EmulatedHostOptions _options;
    private EmulatedHost? _host;

    public SandboxHost()
        : this(new EmulatedHostOptions()) { }

    internal SandboxHost(EmulatedHostOptions options) => _options = options;

    public EmulatedHost Host => _host ?? throw new InvalidOperationException("not started");

    /// <summary>As the administrator of the kubeconfig.</summary>
    public HttpClient Admin { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await EmulatedHost.StartAsync(_options);
        Admin = ClientFor(_host.Kubeconfig);
    }

    public async ValueTask DisposeAsync()
    {
        Admin.Dispose();
        await Host.DisposeAsync();
    }

    /// <summary>A client with the credentials of a kubeconfig, which trusts its authority alone.</summary>
    public static HttpClient ClientFor(string kubeconfig)
    {
        var server = ServerLine().Match(kubeconfig).Groups["url"].Value;
        var authority = X509Certificate2.CreateFromPem(Decoded(kubeconfig, "certificate-authority-data"));
        using var parts = X509Certificate2.CreateFromPem(
            Decoded(kubeconfig, "client-certificate-data"),
            Decoded(kubeconfig, "client-key-data")
        );
        var certificate = X509CertificateLoader.LoadPkcs12(parts.Export(X509ContentType.Pkcs12), null);
        return Client(new Uri(server), authority, certificate);
    }

    /// <summary>Connects as the administrator, for what is not plain HTTP.</summary>
    public HttpMessageInvoker AdminInvoker()
    {
        var authority = X509Certificate2.CreateFromPem(Decoded(Host.Kubeconfig, "certificate-authority-data"));
        return new HttpMessageInvoker(Handler(authority, null));
    }

    /// <summary>A client without credentials.</summary>
    public HttpClient Anonymous() =>
        Client(Host.Url, X509Certificate2.CreateFromPem(Decoded(Host.Kubeconfig, "certificate-authority-data")), null);

    /// <summary>A client with a bearer token.</summary>
    public HttpClient WithToken(string token)
    {
        var client = Anonymous();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    public Task<JsonObject> CreateNamespaceAsync(string name) =>
        Admin.PostJsonAsync("/api/v1/namespaces", $$$"""{"metadata":{"name":"{{{name}}}"}}""");

    /// <summary>Asks again and again until the answer is as wanted; what it said last is in the error.</summary>
    public static async Task<JsonObject> EventuallyAsync(HttpClient client, string path, Func<JsonObject, bool> wanted)
    {
        var time = TimeProvider.System;
        var started = time.GetTimestamp();
        while (true)
        {
            using var answer = await client.GetAsync(path);
            var json = (JsonObject)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
            if (wanted(json))
            {
                return json;
            }

            if (time.GetElapsedTime(started) > Patience)
            {
                throw new TimeoutException($"{path} never became as wanted; it says {json.ToJsonString()}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), time);
        }
    }

    private static HttpClient Client(Uri server, X509Certificate2 authority, X509Certificate2? certificate) =>
        new(Handler(authority, certificate))
        {
            BaseAddress = server,
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };

    private static SocketsHttpHandler Handler(X509Certificate2 authority, X509Certificate2? certificate)
    {
        var handler = new SocketsHttpHandler { EnableMultipleHttp2Connections = true };
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            CustomTrustStore = { authority },
            RevocationMode = X509RevocationMode.NoCheck,
        };
        if (certificate is not null)
        {
            handler.SslOptions.ClientCertificates = [certificate];
        }

        return handler;
    }

    private static string Decoded(string kubeconfig, string key) =>
        Encoding.UTF8.GetString(
            Convert.FromBase64String(
                Regex
                    .Match(kubeconfig, $@"{key}: (?<value>\S+)", RegexOptions.ExplicitCapture, Patience)
                    .Groups["value"]
                    .Value
            )
        );

    [GeneratedRegex(@"server: (?<url>\S+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ServerLine();
}
