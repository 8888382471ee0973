using System.Net.Http.Headers;
using Microsoft.Net.Http.Headers;
using VClusterManager.Server.Identity;
using Yarp.ReverseProxy.Forwarder;

namespace VClusterManager.Server.Access.Proxy;

/// <summary>
/// Makes a caller's request one to the cluster: the same method, path, query and body, without the caller's credentials,
/// and in the caller's name. Only the cluster's API sees the name: our own certificate lets it be said.
/// </summary>
internal sealed class ProxyTransformer(ProxyPath path, Principal who, bool goesOn) : HttpTransformer
{
    public const string ImpersonatePrefix = "Impersonate-";

    /// <summary>In whose name viewers come. What they may see is bound to it inside the cluster.</summary>
    public const string Viewers = "vcluster-manager:viewers";

    private const string Masters = "system:masters";

    private static readonly string[] Ours =
    [
        HeaderNames.Authorization,
        HeaderNames.Cookie,
        CredentialReading.ApiKeyHeader,
        "Forwarded",
        "X-Forwarded-For",
        "X-Forwarded-Host",
        "X-Forwarded-Proto",
        "X-Real-IP",
    ];

    public override async ValueTask TransformRequestAsync(
        HttpContext httpContext,
        HttpRequestMessage proxyRequest,
        string destinationPrefix,
        CancellationToken cancellationToken
    )
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
        // As it came: what the caller has encoded stays encoded.
        proxyRequest.RequestUri = new Uri(
            destinationPrefix + path.Path + path.Query,
            new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }
        );
        proxyRequest.Headers.Host = null;
        foreach (var name in Ours)
        {
            proxyRequest.Headers.Remove(name);
        }

        // What a front proxy says of its callers: nobody here is one but us.
        foreach (var name in httpContext.Request.Headers.Keys.Where(IsRemoteUser))
        {
            proxyRequest.Headers.Remove(name);
        }

        Speak(proxyRequest.Headers);
    }

    public override async ValueTask<bool> TransformResponseAsync(
        HttpContext httpContext,
        HttpResponseMessage? proxyResponse,
        CancellationToken cancellationToken
    )
    {
        var copies = await base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);
        if (httpContext.Response.Headers.Location is [{ } location] && location.StartsWith('/'))
        {
            // Within the cluster; here the same path is another one.
            httpContext.Response.Headers.Location = $"{ProxyPath.Prefix}{path.Namespace}/{path.Name}{location}";
        }

        if (copies && goesOn && proxyResponse is { IsSuccessStatusCode: true })
        {
            // A watch without events has no body for a long time, and its caller waits for the head.
            await httpContext.Response.StartAsync(cancellationToken);
            await httpContext.Response.Body.FlushAsync(cancellationToken);
        }

        return copies;
    }

    private static bool IsRemoteUser(string header) =>
        header.StartsWith("X-Remote-", StringComparison.OrdinalIgnoreCase);

    private void Speak(HttpRequestHeaders headers)
    {
        headers.TryAddWithoutValidation("Impersonate-User", who.Identity);
        headers.TryAddWithoutValidation("Impersonate-Group", who.Role >= Role.Editor ? Masters : Viewers);
    }
}
