using VClusterManager.Server.Configuration;
using VClusterManager.Server.Http;

namespace VClusterManager.Server.Access.Kubeconfigs;

/// <summary>
/// The address of this server for kubeconfigs. Pure. It must be https: kubectl sends no token over http, and says nothing
/// of it.
/// </summary>
internal static class PublicAddress
{
    /// <summary>
    /// The one that is configured, else the one that the request came to. Who lies about that only gets a kubeconfig that
    /// leads them elsewhere.
    /// </summary>
    public static Outcome<Uri> Of(ServerOptions server, bool isHttps, HostString host)
    {
        if (server.PublicUrl is { } configured)
        {
            return configured.Scheme == Uri.UriSchemeHttps
                ? configured
                : NoHttps($"server.public_url (PUBLIC_URL) is {configured}: it must begin with https.");
        }

        var port =
            isHttps ? host.Port
            : server.Tls is { } tls ? tls.Port
            : (int?)null;
        var isKnown = isHttps || server.Tls is not null;
        var address = port is null ? $"https://{host.Host}" : $"https://{host.Host}:{port}";
        return
            isKnown
            && Uri.TryCreate(address, UriKind.Absolute, out var url)
            && url.AbsolutePath == "/"
            && url.UserInfo == ""
            ? url
            : NoHttps(
                "Set server.public_url (PUBLIC_URL) to the https address at which people reach this server, or server.tls."
            );
    }

    private static Problem NoHttps(string what) =>
        new(
            ProblemKind.Conflict,
            $"A kubeconfig leads through this server, and kubectl sends its token over https alone. {what}"
        );
}
