using System.Net.Sockets;
using System.Security.Authentication;

namespace VCluster.StandIn.Kubernetes;

/// <summary>What Go's HTTP client says when there is no answer, such as <c>Get "https://...": dial tcp 127.0.0.1:1: connect: connection refused</c>.</summary>
internal static class GoNetworkError
{
    public static string Describe(HttpMethod method, Uri target, Exception exception)
    {
        var verb = method.Method[..1] + method.Method[1..].ToLowerInvariant();
        return $"{verb} \"{target.AbsoluteUri}\": {Reason(target, exception)}";
    }

    private static string Reason(Uri target, Exception exception)
    {
        for (var inner = exception; inner is not null; inner = inner.InnerException)
        {
            switch (inner)
            {
                case SocketException socket:
                    return Dial(target, socket);
                case AuthenticationException:
                    return "tls: failed to verify certificate: x509: certificate signed by unknown authority";
                case OperationCanceledException or TimeoutException:
                    return "context deadline exceeded";
            }
        }

        return "EOF";
    }

    private static string Dial(Uri target, SocketException socket)
    {
        var host = target.DnsSafeHost == "localhost" ? "127.0.0.1" : target.DnsSafeHost;
        return socket.SocketErrorCode switch
        {
            SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData =>
                $"dial tcp: lookup {target.DnsSafeHost}: no such host",
            SocketError.ConnectionRefused => $"dial tcp {host}:{target.Port}: connect: connection refused",
            SocketError.TimedOut => $"dial tcp {host}:{target.Port}: i/o timeout",
            SocketError.ConnectionReset => $"read tcp {host}:{target.Port}: read: connection reset by peer",
            _ => $"dial tcp {host}:{target.Port}: connect: no route to host",
        };
    }
}
