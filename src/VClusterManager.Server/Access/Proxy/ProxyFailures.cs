using VClusterManager.Server.Http;
using VClusterManager.Server.Kubernetes.Reaching;
using VClusterManager.Server.Storage;
using Yarp.ReverseProxy.Forwarder;

namespace VClusterManager.Server.Access.Proxy;

/// <summary>What callers are told of requests that do not pass, or that came back without an answer.</summary>
internal static class ProxyFailures
{
    /// <summary>What is not passed on to any cluster; <see langword="null"/>: it may pass.</summary>
    public static Problem? Refused(HttpContext http)
    {
        if (http.Request.Headers.Keys.Any(IsImpersonation))
        {
            return new Problem(
                ProblemKind.Forbidden,
                "Impersonation does not pass the proxy: what you do here is done in your own name."
            );
        }

        // It would be passed on as a GET, and be another request than the one that was asked for.
        return IsWebSocket(http) && http.Request.Method is not ("GET" or "CONNECT")
            ? new Problem(ProblemKind.Malformed, "A WebSocket is opened with GET.")
            : null;
    }

    /// <summary>Why there is no answer; <see langword="null"/>: there is one, or nobody waits for it any more.</summary>
    public static Problem? Of(ForwarderError error, Exception? exception, ClusterRow cluster) =>
        error switch
        {
            ForwarderError.None
            or ForwarderError.RequestCanceled
            or ForwarderError.RequestBodyCanceled
            or ForwarderError.ResponseBodyCanceled
            or ForwarderError.UpgradeRequestCanceled => null,
            ForwarderError.RequestCreation => new Problem(
                ProblemKind.Malformed,
                "The request is none that can be passed on."
            ),
            ForwarderError.RequestBodyClient => new Problem(
                ProblemKind.Malformed,
                "The body of the request could not be read."
            ),
            _ => Unreachable(exception, cluster),
        };

    public static Problem Unreachable(Exception? exception, ClusterRow cluster) =>
        new(
            ProblemKind.Unavailable,
            $"Cluster {cluster.Namespace}/{cluster.Name} cannot be reached ({cluster.Phase}): {Why(exception)}."
        )
        {
            RetryAfter = TimeSpan.FromSeconds(1),
        };

    /// <summary>Our own words where there are some, else those of the innermost exception: the outer ones only say that something within has failed.</summary>
    private static string Why(Exception? exception)
    {
        var cause = exception;
        while (cause is not ClusterUnreachableException && cause?.InnerException is not null)
        {
            cause = cause.InnerException;
        }

        return cause is OperationCanceledException or null ? "it did not answer in time" : cause.Message.TrimEnd('.');
    }

    private static bool IsImpersonation(string header) =>
        header.StartsWith(ProxyTransformer.ImpersonatePrefix, StringComparison.OrdinalIgnoreCase);

    private static bool IsWebSocket(HttpContext http) =>
        http.Request.Headers.Upgrade.Any(to => "websocket".Equals(to, StringComparison.OrdinalIgnoreCase));
}
