using System.Net;
using System.Net.WebSockets;

namespace VClusterManager.Server.Kubernetes;

/// <summary>The one HTTPS client to the host's API: address, trust and credentials as the kubeconfig says.</summary>
/// <remarks>
/// The client library reads the configuration and renews tokens (files, credential plugins). What it does not see is
/// that the kubeconfig itself has changed, as when certificates are renewed: so the client is made anew when a file has
/// another time or size, and after a 401. Requests that run on the old client, watches among them, run on.
/// </remarks>
internal sealed class HostConnection(HostConfiguration configuration, HostClock clock, TimeProvider time) : IDisposable
{
    // How often files are looked at, and how often a 401 makes a new client.
    private static readonly TimeSpan Renewal = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _making = new(1, 1);
    private volatile Client? _client;

    /// <summary>Sends a request whose address is relative to the host's, and returns as soon as the head of the answer is there.</summary>
    /// <exception cref="HostException">No answer came.</exception>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        var client = await ClientAsync(cancellation);
        var asked = time.GetTimestamp();
        HttpStatusCode? status = null;
        try
        {
            request.RequestUri = new Uri(client.Address + request.RequestUri!.OriginalString.TrimStart('/'));
            request.Version = HttpVersion.Version20;
            request.VersionPolicy = HttpVersionPolicy.RequestVersionOrLower;
            if (client.Kubernetes.Credentials is { } credentials)
                await credentials.ProcessHttpRequestAsync(request, cancellation);
            var response = await client.Kubernetes.HttpClient.SendAsync(
                request,
                HttpCompletionOption.ResponseHeadersRead,
                cancellation
            );
            status = response.StatusCode;
            clock.Hear(response.Headers.Date);
            if (response.StatusCode == HttpStatusCode.Unauthorized)
                Retire(client);
            return response;
        }
        // A connection that takes too long is "cancelled", too; credential plugins fail in ways of their own.
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            throw HostException.From(e);
        }
        finally
        {
            HostMetrics.Answered(request.Method, status, time.GetElapsedTime(asked));
        }
    }

    /// <summary>Opens a WebSocket on an address relative to the host's.</summary>
    /// <exception cref="HostException">It was refused, or no answer came.</exception>
    public async Task<WebSocket> OpenSocketAsync(string path, string protocol, CancellationToken cancellation)
    {
        var client = await ClientAsync(cancellation);
        var socket = new ClientWebSocket();
        try
        {
            socket.Options.AddSubProtocol(protocol);
            socket.Options.CollectHttpResponseDetails = true;
            using var head = new HttpRequestMessage();
            if (client.Kubernetes.Credentials is { } credentials)
                await credentials.ProcessHttpRequestAsync(head, cancellation);
            foreach (var (name, values) in head.Headers)
                socket.Options.SetRequestHeader(name, string.Join(' ', values));
            var address = new UriBuilder(client.Address + path) { Scheme = Uri.UriSchemeWss };
            await socket.ConnectAsync(address.Uri, client.Kubernetes.HttpClient, cancellation);
            return socket;
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            var status = socket.HttpStatusCode;
            socket.Dispose();
            if (status == HttpStatusCode.Unauthorized)
                Retire(client);
            throw (int)status >= 400
                ? new HostException($"the host's API answered {(int)status} to {protocol}", status, e)
                : HostException.From(e);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _client?.Kubernetes.Dispose();
        _making.Dispose();
    }

    private async Task<Client> ClientAsync(CancellationToken cancellation)
    {
        if (_client is { } client && IsCurrent(client))
            return client;
        await _making.WaitAsync(cancellation);
        try
        {
            if (_client is { } made && IsCurrent(made))
                return made;
            // Reading runs the credential plugin and waits for it.
            return _client = await Task.Run(Make, cancellation);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw new HostException($"{configuration.Description} cannot be used: {e.Message}", null, e);
        }
        finally
        {
            _making.Release();
        }
    }

    private Client Make()
    {
        var files = Fingerprint();
        var config = configuration.Read();
        config.FirstMessageHandlerSetup = handler =>
        {
            handler.ConnectTimeout = TimeSpan.FromSeconds(5);
            // A dozen watches and the reads share the connection; a dead one is found by its pings.
            handler.EnableMultipleHttp2Connections = true;
            handler.KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests;
            handler.KeepAlivePingDelay = TimeSpan.FromSeconds(10);
            handler.KeepAlivePingTimeout = TimeSpan.FromSeconds(5);
            handler.PooledConnectionLifetime = TimeSpan.FromMinutes(15);
        };
        var kubernetes = new k8s.Kubernetes(config);
        return new Client(kubernetes, kubernetes.BaseUri.AbsoluteUri.TrimEnd('/') + "/", files, time.GetTimestamp());
    }

    private bool IsCurrent(Client client)
    {
        if (time.GetElapsedTime(client.LookedAt) < Renewal)
            return true;
        if (client.Retired || Fingerprint() != client.Files)
            return false;
        client.LookedAt = time.GetTimestamp();
        return true;
    }

    private static void Retire(Client client) => client.Retired = true;

    private string Fingerprint() =>
        string.Join(
            '|',
            configuration
                .Files.Select(file => new FileInfo(file))
                .Select(f => f.Exists ? $"{f.LastWriteTimeUtc.Ticks}/{f.Length}" : "")
        );

    private sealed class Client(k8s.Kubernetes kubernetes, string address, string files, long lookedAt)
    {
        private long _lookedAt = lookedAt;

        public k8s.Kubernetes Kubernetes { get; } = kubernetes;

        /// <summary>Ends with a slash; may have a path, as behind Rancher.</summary>
        public string Address { get; } = address;

        public string Files { get; } = files;

        public volatile bool Retired;

        public long LookedAt
        {
            get => Interlocked.Read(ref _lookedAt);
            set => Interlocked.Exchange(ref _lookedAt, value);
        }
    }
}
