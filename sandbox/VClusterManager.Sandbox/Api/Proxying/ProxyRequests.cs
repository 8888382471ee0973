using System.Net.Sockets;
using System.Security.Authentication;
using Microsoft.Extensions.Primitives;
using VClusterManager.Sandbox.Containers;

namespace VClusterManager.Sandbox.Api.Proxying;

/// <summary>
/// The proxies to pods and Services. What they pass on is the request without who makes it: no credentials and no
/// client certificate, so that whatever lies behind sees someone unknown.
/// </summary>
internal static class ProxyRequests
{
    /// <summary>What concerns one connection alone, and what the server keeps to itself.</summary>
    private static readonly HashSet<string> NotPassedOn = new(StringComparer.OrdinalIgnoreCase)
    {
        "Authorization",
        "Connection",
        "Host",
        "Keep-Alive",
        "Proxy-Authenticate",
        "Proxy-Authorization",
        "TE",
        "Trailer",
        "Transfer-Encoding",
        "Upgrade",
    };

    public static async Task AnswerAsync(ResourceRequest request)
    {
        var context = request.Http;
        var rest = PathBehind(context, request.Info.Name);
        if (rest.Length == 0)
        {
            // A page's relative links need the slash.
            context.Response.StatusCode = StatusCodes.Status301MovedPermanently;
            context.Response.Headers.Location = context.Request.Path + "/" + context.Request.QueryString;
            return;
        }

        var target = ProxyTarget.Find(request);
        using var client = new HttpMessageInvoker(HandlerFor(request.Cluster.Network, target));
        using var passed = Request(context, target, rest);
        try
        {
            using var answer = await client.SendAsync(passed, context.RequestAborted);
            await PassBackAsync(context, answer);
        }
        catch (HttpRequestException exception) when (!context.Response.HasStarted)
        {
            throw Refusals.Unavailable($"error trying to reach service: {Reason(exception, target)}");
        }
    }

    private static SocketsHttpHandler HandlerFor(PodNetwork network, ProxyTarget target) =>
        new()
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ConnectCallback = async (_, cancel) => await network.ConnectAsync(target.Pod, target.Port, cancel),
            SslOptions =
            {
#pragma warning disable CA5359 // The real server does not ask either who answers for a Service.
                RemoteCertificateValidationCallback = (_, _, _, _) => true,
#pragma warning restore CA5359
            },
        };

    private static HttpRequestMessage Request(HttpContext context, ProxyTarget target, string rest)
    {
        var address = $"{target.Scheme}://{target.Address}{rest}{context.Request.QueryString}";
        var passed = new HttpRequestMessage(new HttpMethod(context.Request.Method), new Uri(address));
        if (context.Request.ContentLength is > 0 || context.Request.Headers.TransferEncoding.Count > 0)
        {
            passed.Content = new StreamContent(context.Request.Body);
        }

        foreach (var (name, values) in context.Request.Headers.Where(header => !NotPassedOn.Contains(header.Key)))
        {
            if (!passed.Headers.TryAddWithoutValidation(name, values.AsEnumerable()))
            {
                passed.Content?.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
            }
        }

        passed.Headers.TryAddWithoutValidation("X-Forwarded-For", context.Connection.RemoteIpAddress?.ToString());
        passed.Headers.TryAddWithoutValidation("X-Forwarded-Host", context.Request.Host.Value);
        passed.Headers.TryAddWithoutValidation("X-Forwarded-Proto", context.Request.Scheme);
        passed.Headers.TryAddWithoutValidation("X-Forwarded-Uri", context.Request.Path);
        return passed;
    }

    private static async Task PassBackAsync(HttpContext context, HttpResponseMessage answer)
    {
        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.NonValidated.Concat(answer.Content.Headers.NonValidated))
        {
            if (!NotPassedOn.Contains(name))
            {
                context.Response.Headers[name] = new StringValues([.. values]);
            }
        }

        var body = await answer.Content.ReadAsStreamAsync(context.RequestAborted);
        var buffer = new byte[16 * 1024];
        while (await body.ReadAsync(buffer, context.RequestAborted) is > 0 and var count)
        {
            await context.Response.Body.WriteAsync(buffer.AsMemory(0, count), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }
    }

    private static string Reason(HttpRequestException exception, ProxyTarget target) =>
        exception.InnerException switch
        {
            SocketException => $"dial tcp {target.Address}: connect: connection refused",
            AuthenticationException or IOException when target.Scheme == "https" =>
                "http: server gave HTTP response to HTTPS client",
            _ => "EOF",
        };

    /// <summary>What stands behind <c>.../proxy</c>; empty when nothing does.</summary>
    private static string PathBehind(HttpContext context, string name)
    {
        var path = context.Request.Path.ToUriComponent();
        var marker = $"/{name}/proxy";
        var at = Uri.UnescapeDataString(path).IndexOf(marker, StringComparison.Ordinal);
        return Uri.UnescapeDataString(path)[(at + marker.Length)..];
    }
}
