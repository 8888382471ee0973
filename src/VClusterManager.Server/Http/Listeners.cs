using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using VClusterManager.Server.Configuration;

namespace VClusterManager.Server.Http;

/// <summary>Where the server listens.</summary>
internal static class Listeners
{
    /// <summary>HTTP always; HTTPS on a port of its own where a certificate is configured.</summary>
    public static void ListenOn(this KestrelServerOptions kestrel, ServerOptions server)
    {
        kestrel.Listen(server.Host, server.Port);
        if (server.Tls is not { } tls)
        {
            return;
        }

        var services = kestrel.ApplicationServices;
        ServerCertificate certificate = new(
            tls,
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<ServerCertificate>>()
        );
        kestrel.Listen(
            server.Host,
            tls.Port,
            listen =>
                listen.UseHttps(
                    new TlsHandshakeCallbackOptions { OnConnection = _ => ValueTask.FromResult(certificate.Current()) }
                )
        );
    }
}
