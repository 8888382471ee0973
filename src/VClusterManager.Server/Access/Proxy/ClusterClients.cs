using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using VClusterManager.Server.Clusters;
using VClusterManager.Server.Http;
using VClusterManager.Server.Kubernetes;
using VClusterManager.Server.Kubernetes.Reaching;
using VClusterManager.Server.Storage;

namespace VClusterManager.Server.Access.Proxy;

/// <summary>
/// One HTTP client for each cluster that somebody uses, with the cluster's own certificates. They are read once for each
/// version of the secret that holds them, never for a request. A client that nobody uses any more is closed.
/// </summary>
internal sealed class ClusterClients(HostView view, HostReads reads, ClusterDial dial, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Unused = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<Guid, ClusterClient> _clients = new();
    private readonly ConcurrentDictionary<Guid, Lazy<Task<Problem?>>> _making = new();

    /// <summary>The way to this cluster, which the caller has to leave again.</summary>
    public async ValueTask<Outcome<ClusterClient>> EnterAsync(ClusterRow cluster, CancellationToken cancellation)
    {
        NamespacedName key = new(cluster.Namespace, cluster.Name);
        if (view.KubeconfigVersionOf(key) is { } newest && Current(cluster.Id, newest) is { } ready)
        {
            return ready;
        }

        var seen = view.Find(key);
        // The secret is found by name: it is this cluster's only when the workload beside it is.
        if (ClusterStamps.WorkloadOf(cluster, seen) is null)
        {
            return NotThere(cluster, "its control plane is not there");
        }

        if (seen.KubeconfigVersion is not { } version)
        {
            return NotThere(cluster, "its control plane has not written its credentials yet");
        }

        // One reads for all who wait for the same cluster, and none waits for another one's.
        var making = _making.GetOrAdd(cluster.Id, id => new(() => MakeAsync(id, key, version)));
        try
        {
            if (await making.Value.WaitAsync(cancellation) is { } problem)
            {
                return problem;
            }
        }
        finally
        {
            _making.TryRemove(new(cluster.Id, making));
        }

        return Current(cluster.Id, version) is { } made
            ? made
            : Unavailable($"The credentials of cluster {key} have just been changed.");
    }

    /// <summary>Closes those that have not been used for a while; connections on which something goes on stay until it ends.</summary>
    public void CloseUnused()
    {
        foreach (var (id, client) in _clients)
        {
            if (time.GetElapsedTime(client.UsedAt) > Unused && client.IsIdle && _clients.TryRemove(new(id, client)))
            {
                client.Retire();
            }
        }
    }

    public void Dispose()
    {
        foreach (var client in _clients.Values)
        {
            client.Dispose();
        }
    }

    private ClusterClient? Current(Guid id, string version)
    {
        if (!_clients.TryGetValue(id, out var client) || client.Version != version || !client.TryEnter())
        {
            return null;
        }

        client.UsedAt = time.GetTimestamp();
        return client;
    }

    /// <summary>For whoever waits: no one of them ends it. A read of the host has its own limit of time.</summary>
    private async Task<Problem?> MakeAsync(Guid id, NamespacedName key, string version)
    {
        var answer = await reads.KubeconfigAsync(key, CancellationToken.None);
        if (answer is not HostAnswer<string>.Found { Value: var kubeconfig })
        {
            var why = answer is HostAnswer<string>.Unreadable unreadable ? unreadable.Reason : "there are none yet";
            return Unavailable($"The credentials of cluster {key} cannot be read now: {why}.");
        }

        try
        {
            var certificates = ClusterCertificates.Parse(kubeconfig);
            var client = new ClusterClient(key, version, Handler(key, certificates), certificates)
            {
                UsedAt = time.GetTimestamp(),
            };
            _clients.TryGetValue(id, out var old);
            _clients[id] = client;
            old?.Retire();
            return null;
        }
        catch (FormatException e)
        {
            return Unavailable($"The kubeconfig in secret vc-{key.Name} of cluster {key} cannot be used: {e.Message}.");
        }
    }

    private SocketsHttpHandler Handler(NamespacedName key, ClusterCertificates certificates) =>
        new()
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            EnableMultipleHttp2Connections = true,
            ConnectTimeout = TimeSpan.FromSeconds(15),
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(2),
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            KeepAlivePingDelay = TimeSpan.FromSeconds(30),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(20),
            RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8,
            ResponseHeaderEncodingSelector = (_, _) => Encoding.UTF8,
            ConnectCallback = (_, cancellation) => new ValueTask<Stream>(dial.ConnectAsync(key, cancellation)),
            SslOptions = new SslClientAuthenticationOptions
            {
                TargetHost = ClusterDial.ServerName(key),
                ClientCertificates = [certificates.Client],
                CertificateChainPolicy = TrustOnly(certificates.Authority),
            },
        };

    private static X509ChainPolicy TrustOnly(X509Certificate2Collection authority)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.AddRange(authority);
        return policy;
    }

    private static Problem NotThere(ClusterRow cluster, string why) =>
        Unavailable(
            $"Cluster {cluster.Namespace}/{cluster.Name} cannot be reached: {why} ({cluster.Phase}). {cluster.Message}".TrimEnd()
        );

    private static Problem Unavailable(string detail) =>
        new(ProblemKind.Unavailable, detail) { RetryAfter = TimeSpan.FromSeconds(1) };
}

/// <summary>The way to one cluster's API.</summary>
internal sealed class ClusterClient : IDisposable
{
    private readonly Lock _gate = new();
    private readonly ClusterCertificates _certificates;
    private int _inUse;
    private bool _retired;
    private long _usedAt;
    private long _viewersBoundAt;

    public ClusterClient(
        NamespacedName key,
        string version,
        HttpMessageHandler handler,
        ClusterCertificates certificates
    )
    {
        _certificates = certificates;
        Key = key;
        Version = version;
        Address = $"https://{ClusterDial.ServerName(key)}";
        Http = new HttpMessageInvoker(handler, disposeHandler: true);
    }

    public NamespacedName Key { get; }

    /// <summary>Of the secret that its certificates are from.</summary>
    public string Version { get; }

    public string Address { get; }

    public HttpMessageInvoker Http { get; }

    /// <summary>When the binding of viewers was last seen to be there, as a timestamp; 0: never.</summary>
    public long ViewersBoundAt
    {
        get => Volatile.Read(ref _viewersBoundAt);
        set => Volatile.Write(ref _viewersBoundAt, value);
    }

    public long UsedAt
    {
        get => Volatile.Read(ref _usedAt);
        set => Volatile.Write(ref _usedAt, value);
    }

    public bool IsIdle
    {
        get
        {
            lock (_gate)
            {
                return _inUse == 0;
            }
        }
    }

    /// <returns>False: it is closed, or about to be.</returns>
    public bool TryEnter()
    {
        lock (_gate)
        {
            _inUse += _retired ? 0 : 1;
            return !_retired;
        }
    }

    public void Leave()
    {
        lock (_gate)
        {
            if (--_inUse > 0 || !_retired)
            {
                return;
            }
        }

        Dispose();
    }

    /// <summary>Another one has taken its place: it goes when what goes on over it has ended.</summary>
    public void Retire()
    {
        lock (_gate)
        {
            if (_retired)
            {
                return;
            }

            _retired = true;
            if (_inUse > 0)
            {
                return;
            }
        }

        Dispose();
    }

    public void Dispose()
    {
        Http.Dispose();
        _certificates.Dispose();
    }
}
