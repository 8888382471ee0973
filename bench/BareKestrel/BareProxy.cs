using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Yarp.ReverseProxy.Forwarder;

namespace BareKestrel;

/// <summary>YARP's forwarder and nothing else: every request goes on to one server, with a client certificate.</summary>
internal static class BareProxy
{
    /// <param name="destination">Where to, such as <c>https://127.0.0.1:8443</c>.</param>
    /// <param name="certificates">PEM: client certificate, its key and the authority of the server.</param>
    public static RequestDelegate To(IHttpForwarder forwarder, string destination, string certificates)
    {
        var client = Certificate(certificates);
        var trust = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        trust.CustomTrustStore.ImportFromPemFile(certificates + ".ca");
        var http = new HttpMessageInvoker(
            new SocketsHttpHandler
            {
                UseProxy = false,
                UseCookies = false,
                AllowAutoRedirect = false,
                AutomaticDecompression = DecompressionMethods.None,
                ActivityHeadersPropagator = null,
                EnableMultipleHttp2Connections = true,
                SslOptions = new SslClientAuthenticationOptions
                {
                    ClientCertificates = [client],
                    CertificateChainPolicy = trust,
                },
            }
        );
        var config = new ForwarderRequestConfig { ActivityTimeout = TimeSpan.FromHours(1) };
        return async context => await forwarder.SendAsync(context, destination, http, config, HeadFirst.Instance);
    }

    /// <param name="files">What they are called, but for their endings.</param>
    public static X509Certificate2 Certificate(string files)
    {
        using var pem = X509Certificate2.CreateFromPemFile(files + ".crt", files + ".key");
        return X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pfx), password: null);
    }

    /// <summary>The head of a watch goes out before its first event, as clients of Kubernetes expect.</summary>
    private sealed class HeadFirst : HttpTransformer
    {
        public static readonly HeadFirst Instance = new();

        public override async ValueTask TransformRequestAsync(
            HttpContext httpContext,
            HttpRequestMessage proxyRequest,
            string destinationPrefix,
            CancellationToken cancellationToken
        )
        {
            await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
            proxyRequest.Headers.Host = null;
        }

        public override async ValueTask<bool> TransformResponseAsync(
            HttpContext httpContext,
            HttpResponseMessage? proxyResponse,
            CancellationToken cancellationToken
        )
        {
            var copies = await base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);
            if (httpContext.Request.Query.ContainsKey("watch"))
            {
                await httpContext.Response.StartAsync(cancellationToken);
                await httpContext.Response.Body.FlushAsync(cancellationToken);
            }

            return copies;
        }
    }
}
