using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace VCluster.StandIn.Kubernetes;

/// <summary>
/// A few requests to one API server, under the user agent of the program it stands in for. Paths are relative, without
/// a leading slash. Every failure is a <see cref="KubeException"/>.
/// </summary>
internal sealed class KubeClient : IDisposable
{
    private const string MergePatch = "application/merge-patch+json";

    private readonly HttpClient _http;
    private readonly Uri _server;

    /// <param name="endpoint">Where and as whom.</param>
    /// <param name="userAgent">Under which name.</param>
    /// <param name="patience">How long a request may take; null for ever.</param>
    public KubeClient(KubeEndpoint endpoint, string userAgent, TimeSpan? patience = null)
    {
        Endpoint = endpoint;
        _server = endpoint.Server;
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
        };
        Trust(handler.SslOptions, endpoint);
        if (endpoint.ClientCertificate is { } own)
        {
            handler.SslOptions.ClientCertificateContext = SslStreamCertificateContext.Create(own, null, offline: true);
        }

        _http = new HttpClient(handler) { Timeout = patience ?? Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", userAgent);
        _http.DefaultRequestHeaders.TryAddWithoutValidation("Accept", "application/json");
        _http.DefaultRequestHeaders.Authorization = endpoint switch
        {
            { Token: { } token } => new AuthenticationHeaderValue("Bearer", token),
            { BasicCredentials: { } basic } => new AuthenticationHeaderValue("Basic", basic),
            _ => null,
        };
    }

    public KubeEndpoint Endpoint { get; }

    public Task<JsonObject> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null, null);

    public Task<JsonObject> CreateAsync(string path, JsonObject body) =>
        SendAsync(HttpMethod.Post, path, body, "application/json");

    public Task<JsonObject> ReplaceAsync(string path, JsonObject body) =>
        SendAsync(HttpMethod.Put, path, body, "application/json");

    public Task<JsonObject> PatchAsync(string path, JsonObject patch) =>
        SendAsync(HttpMethod.Patch, path, patch, MergePatch);

    public Task<JsonObject> DeleteAsync(string path, JsonObject? options = null) =>
        SendAsync(HttpMethod.Delete, path, options, "application/json");

    /// <summary>As <see cref="GetAsync"/>, but null for what is not there.</summary>
    public async Task<JsonObject?> FindAsync(string path)
    {
        try
        {
            return await GetAsync(path);
        }
        catch (KubeException exception) when (exception.IsNotFound)
        {
            return null;
        }
    }

    /// <summary>The items of a list.</summary>
    public async Task<List<JsonObject>> ListAsync(string path, string selector = "")
    {
        var query = selector.Length == 0 ? path : $"{path}?labelSelector={Uri.EscapeDataString(selector)}";
        var list = await GetAsync(query);
        return [.. (list["items"] as JsonArray ?? []).OfType<JsonObject>()];
    }

    public void Dispose() => _http.Dispose();

    private async Task<JsonObject> SendAsync(HttpMethod method, string path, JsonObject? body, string? contentType)
    {
        var target = new Uri(_server, path);
        try
        {
            using var request = new HttpRequestMessage(method, target);
            if (body is not null)
            {
                request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, contentType!);
            }

            using var response = await _http.SendAsync(request);
            var text = await response.Content.ReadAsStringAsync();
            return response.IsSuccessStatusCode ? Parse(text) : throw Failure((int)response.StatusCode, text);
        }
        catch (HttpRequestException exception)
        {
            throw new KubeException(GoNetworkError.Describe(method, target, exception));
        }
        catch (OperationCanceledException exception)
        {
            throw new KubeException(GoNetworkError.Describe(method, target, exception));
        }
    }

    private static JsonObject Parse(string text) => text.Length == 0 ? [] : JsonNode.Parse(text) as JsonObject ?? [];

    private static KubeException Failure(int code, string text)
    {
        try
        {
            var status = Parse(text);
            if (status["kind"]?.GetValue<string>() == "Status")
            {
                return new KubeException(
                    status["message"]?.GetValue<string>() ?? "unknown",
                    code,
                    status["reason"]?.GetValue<string>() ?? ""
                );
            }
        }
        catch (JsonException)
        {
            // Not an API server's answer, as from a proxy in between; Go says the next line then.
        }

        return new KubeException(
            code switch
            {
                401 => "Unauthorized",
                403 => "unknown",
                404 => "the server could not find the requested resource",
                503 => "the server is currently unable to handle the request",
                _ => $"an error on the server (\"{text.Trim()}\") has prevented the request from succeeding",
            },
            code
        );
    }

    /// <summary>
    /// Says whom to trust before the handshake, not in a callback: otherwise the chain is first tried against every
    /// authority of the system, which takes longer than all the rest of a request.
    /// </summary>
    private static void Trust(SslClientAuthenticationOptions options, KubeEndpoint endpoint)
    {
        if (endpoint.SkipsVerification)
        {
#pragma warning disable CA5359 // What insecure-skip-tls-verify in a kubeconfig asks for.
            options.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        }

        if (endpoint.SkipsVerification || endpoint.Authorities is not null)
        {
            options.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
                DisableCertificateDownloads = true,
            };
            options.CertificateChainPolicy.CustomTrustStore.AddRange(endpoint.Authorities ?? []);
        }
    }
}
