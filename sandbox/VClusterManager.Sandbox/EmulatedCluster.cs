using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using VClusterManager.Sandbox.Api;
using VClusterManager.Sandbox.Authentication;
using VClusterManager.Sandbox.Authorization;
using VClusterManager.Sandbox.Containers;
using VClusterManager.Sandbox.Controllers.Loop;
using VClusterManager.Sandbox.Faults;
using VClusterManager.Sandbox.Listening;
using VClusterManager.Sandbox.Registry;
using VClusterManager.Sandbox.Store;

namespace VClusterManager.Sandbox;

/// <summary>
/// One Kubernetes cluster: its objects, its authority, its API on a port of its own and the controllers that bring it
/// to life. The host is one, and each virtual cluster is one.
/// </summary>
internal sealed class EmulatedCluster : IDisposable
{
    private static readonly string[] ServerNames =
    [
        "localhost",
        "kubernetes",
        "kubernetes.default",
        "kubernetes.default.svc",
        "kubernetes.default.svc.cluster.local",
    ];

    private readonly CancellationTokenSource _stopping = new();
    private readonly ECDsa _tokenKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly Lazy<X509Certificate2> _serverCertificate;

    public EmulatedCluster(
        string name,
        ClusterVersion version,
        CertificateAuthority authority,
        ClusterPort port,
        ClusterSettings settings,
        string? tokenKeyPem = null
    )
    {
        Name = name;
        Version = version;
        Authority = authority;
        Port = port;
        Settings = settings;
        if (tokenKeyPem is not null)
        {
            _tokenKey.ImportFromPem(tokenKeyPem);
        }

        Store = new ObjectStore();
        Registry = new ObjectRegistry(Store, Time, settings.Faults);
        ServiceAccountTokens = new ServiceAccountTokens(_tokenKey, Store, Time);
        Authorizer = new RbacAuthorizer(Store);
        Authenticator = new Authenticator(authority, ServiceAccountTokens);
        Controllers = new ControllerLoop(Store, Time, settings.Loggers.CreateLogger<ControllerLoop>());
        ControllerContext = new ControllerContext(
            Registry,
            new EventRecorder(Registry),
            settings.Pace,
            settings.Faults
        );
        Containers = new ContainerWorld(Time);
        Network = new PodNetwork(Containers);
        Api = new ApiServer(this);
        _serverCertificate = new Lazy<X509Certificate2>(() =>
            authority.IssueServer("kube-apiserver", ServerNames.Concat(ExtraServerNames))
        );
    }

    public string Name { get; }

    public ClusterVersion Version { get; set; }

    /// <summary>Which virtual cluster this is; everything empty for the host.</summary>
    public ClusterTarget Target { get; init; } = ClusterTarget.Everything;

    /// <summary>Further names that the server's certificate covers.</summary>
    public IReadOnlyList<string> ExtraServerNames { get; init; } = [];

    public CertificateAuthority Authority { get; }

    public ClusterPort Port { get; }

    public ClusterSettings Settings { get; }

    public TimeProvider Time => Settings.Time;

    public ControllerContext ControllerContext { get; }

    public ObjectStore Store { get; }

    public ObjectRegistry Registry { get; }

    public ServiceAccountTokens ServiceAccountTokens { get; }

    public Authenticator Authenticator { get; }

    public RbacAuthorizer Authorizer { get; }

    public ControllerLoop Controllers { get; }

    /// <summary>What is inside the containers.</summary>
    public ContainerWorld Containers { get; }

    /// <summary>The way to what the containers listen on.</summary>
    public PodNetwork Network { get; }

    public ApiServer Api { get; }

    public X509Certificate2 ServerCertificate => _serverCertificate.Value;

    public string Address => $"127.0.0.1:{Port.Number}";

    public Uri Url => new($"https://{Address}");

    /// <summary>Cancelled when the cluster goes down, which ends its watches.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>A fault of this cluster's own API.</summary>
    public string? FindFault(string name) => Settings.Faults.FindExactly(name, Target);

    /// <summary>A kubeconfig with a new client certificate of the cluster's authority.</summary>
    public string KubeconfigFor(string user, params IEnumerable<string> groups)
    {
        using var certificate = Authority.IssueClient(user, groups);
        return Kubeconfig.WithCertificate(Name, Url, Authority.CertificatePem, certificate);
    }

    public void Dispose()
    {
        Port.Dispose();
        _stopping.Cancel();
        Controllers.Dispose();
        Containers.Dispose();
        if (_serverCertificate.IsValueCreated)
        {
            _serverCertificate.Value.Dispose();
        }

        _tokenKey.Dispose();
        Authority.Dispose();
        _stopping.Dispose();
    }
}

/// <summary>What all clusters of one emulated host share.</summary>
internal sealed record ClusterSettings(
    TimeProvider Time,
    ILoggerFactory Loggers,
    Pace Pace,
    FaultBoard Faults,
    RequestLog Requests
);
