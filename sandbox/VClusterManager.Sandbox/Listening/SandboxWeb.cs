using System.Net;
using System.Net.Security;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace VClusterManager.Sandbox.Listening;

/// <summary>The one web server: HTTPS for the clusters, plain HTTP on a port of its own for the control API.</summary>
internal static class SandboxWeb
{
    public static WebApplication Build(
        ClusterListener listener,
        ClusterDirectory clusters,
        ILoggerFactory loggers,
        int controlPort,
        RequestDelegate control
    )
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(loggers);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.Services.AddSingleton<IConnectionListenerFactory>(listener);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.Http2.MaxStreamsPerConnection = 1_000;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(
                listener.EndPoint,
                endpoint =>
                    endpoint.UseHttps(
                        new TlsHandshakeCallbackOptions { OnConnection = tls => Handshake(tls, clusters) }
                    )
            );
            kestrel.Listen(IPAddress.Loopback, controlPort);
        });
        var web = builder.Build();
        web.UseWebSockets();
        web.Run(context => context.Request.IsHttps ? HandleAsync(context, clusters) : control(context));
        return web;
    }

    private static Task HandleAsync(HttpContext context, ClusterDirectory clusters)
    {
        if (clusters.At(context.Connection.LocalPort) is { } cluster)
        {
            return cluster.Api.HandleAsync(context);
        }

        context.Abort();
        return Task.CompletedTask;
    }

    private static ValueTask<SslServerAuthenticationOptions> Handshake(
        TlsHandshakeCallbackContext tls,
        ClusterDirectory clusters
    )
    {
        var port = ((IPEndPoint)tls.Connection.LocalEndPoint!).Port;
        return ValueTask.FromResult(
            new SslServerAuthenticationOptions
            {
                ServerCertificate = clusters.At(port)?.ServerCertificate,
                ClientCertificateRequired = true,
#pragma warning disable CA5359 // Whether the client's certificate counts is for authentication to say, with a proper answer.
                RemoteCertificateValidationCallback = (_, _, _, _) => true,
#pragma warning restore CA5359
            }
        );
    }
}
