using System.Net;
using VClusterManager.Server.Identity;

namespace VClusterManager.Server.Configuration;

/// <summary>The whole configuration, read and checked once at start. Immutable.</summary>
internal sealed record ManagerOptions
{
    public required ServerOptions Server { get; init; }

    public required AuthOptions Auth { get; init; }

    public required VClusterOptions VCluster { get; init; }

    public required KubernetesOptions Kubernetes { get; init; }

    public required ProcessOptions Processes { get; init; }

    public required DatabaseOptions Database { get; init; }

    public AuditOptions Audit { get; init; } = new();

    public DynamicEndpointsOptions DynamicEndpoints { get; init; } = new();

    public AccessOptions Access { get; init; } = new();

    public WebhookOptions Webhooks { get; init; } = new();

    public ObservabilityOptions Observability { get; init; } = new();
}

internal sealed record ServerOptions
{
    public required IPAddress Host { get; init; }

    public required int Port { get; init; }

    public required bool Debug { get; init; }

    /// <summary><see langword="null"/>: this server does not end TLS itself.</summary>
    public required TlsOptions? Tls { get; init; }

    public required string Instance { get; init; }

    public required bool ReadOnly { get; init; }

    public required IReadOnlyList<string> AllowedOrigins { get; init; }

    public required Uri? PublicUrl { get; init; }

    /// <summary>Whose word is taken for where a request came from.</summary>
    public IReadOnlyList<IPNetwork> TrustedProxies { get; init; } = [];

    public LimitOptions Limits { get; init; } = new();
}

/// <summary>How much one caller may ask for.</summary>
internal sealed record LimitOptions
{
    public int ReadsPerSecond { get; init; } = 500;

    public int ChangesPerSecond { get; init; } = 50;

    /// <summary>For each address, without a valid credential.</summary>
    public int AnonymousPerSecond { get; init; } = 50;

    /// <summary>For each address.</summary>
    public int LoginsPerMinute { get; init; } = 30;

    /// <summary>For each address.</summary>
    public int DeliveriesPerSecond { get; init; } = 300;

    /// <summary>For each caller, but for streams and what is answered from memory.</summary>
    public int RequestsInFlight { get; init; } = 500;

    public long BodyBytes { get; init; } = 1024 * 1024;

    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromMinutes(1);
}

/// <param name="Certificate">Path of a PEM file with the certificate and its chain.</param>
/// <param name="Key">Path of a PEM file with the private key.</param>
internal sealed record TlsOptions(int Port, string Certificate, string Key);

internal sealed record AuthOptions
{
    public required IReadOnlyList<ConfiguredApiKey> ApiKeys { get; init; }

    public IReadOnlyList<ConfiguredUser> Users { get; init; } = [];

    /// <summary><see langword="null"/>: there are no tokens of our own.</summary>
    public JwtOptions? Jwt { get; init; }

    public IReadOnlyList<OidcIssuerOptions> Oidc { get; init; } = [];
}

/// <param name="Hash">SHA-256 of the key: a plain key in the file is hashed as it is read and not kept.</param>
internal sealed record ConfiguredApiKey(string ClientId, byte[] Hash, Role Role, DateTimeOffset? Expires)
{
    public Limits Limits { get; init; } = Limits.None;
}

/// <param name="PasswordHash">As ASP.NET Core Identity's hasher writes it.</param>
internal sealed record ConfiguredUser(string Name, string PasswordHash, Role Role, Limits Limits)
{
    public override string ToString() => Name;
}

internal sealed record JwtOptions
{
    /// <summary>As JOSE names it; no other one is taken.</summary>
    public required string Algorithm { get; init; }

    /// <summary>For HS algorithms. Secret.</summary>
    public required byte[]? Secret { get; init; }

    /// <summary>For all others: PEM. Secret.</summary>
    public required string? PrivateKey { get; init; }

    /// <summary>Of tokens that we give.</summary>
    public required TimeSpan Lifetime { get; init; }

    /// <summary><see langword="null"/>: not looked at.</summary>
    public required string? Issuer { get; init; }

    /// <summary><see langword="null"/>: not looked at.</summary>
    public required string? Audience { get; init; }

    /// <summary>A record prints its members, and these hold secrets.</summary>
    public override string ToString() => $"{nameof(JwtOptions)} {{ Algorithm = {Algorithm} }}";
}

internal sealed record OidcIssuerOptions
{
    /// <summary>Ours for it: stands in front of the names of those who come with its tokens.</summary>
    public required string Name { get; init; }

    /// <summary>To the letter as its tokens have it.</summary>
    public required string Issuer { get; init; }

    public required string Audience { get; init; }

    public required string NameClaim { get; init; }

    /// <summary>Its keys may come over http.</summary>
    public required bool InsecureHttp { get; init; }

    /// <summary>The first one that matches counts.</summary>
    public required IReadOnlyList<OidcRule> Rules { get; init; }
}

/// <param name="Claims">All must match; each by one of its patterns.</param>
internal sealed record OidcRule(IReadOnlyDictionary<string, IReadOnlyList<string>> Claims, Role Role, Limits Limits);

internal sealed record KubernetesOptions
{
    /// <summary><see langword="null"/>: in-cluster when there is one, else <c>~/.kube/config</c>.</summary>
    public required string? Kubeconfig { get; init; }

    public required string? Context { get; init; }

    /// <summary>Where the lease is that says which database looks after an instance.</summary>
    public string LeaseNamespace { get; init; } = "default";

    /// <summary>How long it holds without being renewed.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(60);
}

internal sealed record ProcessOptions
{
    /// <summary>Names or patterns (<c>AWS_*</c>) of variables that are passed on to tools.</summary>
    public required IReadOnlyList<string> Environment { get; init; }
}

internal sealed record DatabaseOptions
{
    public required DatabaseKind Kind { get; init; }

    /// <summary>An ADO.NET connection string. Secret.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>For SQLite: the file.</summary>
    public required string? File { get; init; }

    /// <summary>For PostgreSQL behind a pooler: a direct connection for LISTEN.</summary>
    public required string? ListenConnectionString { get; init; }

    /// <summary>A record prints its members, and these hold passwords.</summary>
    public override string ToString() => $"{nameof(DatabaseOptions)} {{ Kind = {Kind}, File = {File} }}";
}

internal sealed record AuditOptions
{
    /// <summary>How long entries are kept.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(90);
}

/// <summary>How people get into virtual clusters.</summary>
internal sealed record AccessOptions
{
    /// <summary>How long a token for a cluster lasts when nobody says.</summary>
    public TimeSpan TokenTtl { get; init; } = TimeSpan.FromHours(8);

    public TimeSpan MaxTokenTtl { get; init; } = TimeSpan.FromHours(24);

    /// <summary>PEM, for kubeconfigs; <see langword="null"/>: our certificate is publicly trusted.</summary>
    public string? CertificateAuthority { get; init; }

    public ClusterConnection Connection { get; init; }

    /// <summary>HOST:PORT of a cluster's Service, with <c>{name}</c> and <c>{namespace}</c> in it.</summary>
    public string ServiceAddress { get; init; } = DefaultServiceAddress;

    /// <summary>Watches, followed logs and sessions of one caller at once, on one server.</summary>
    public int MaxStreams { get; init; } = 1000;

    /// <summary>A session or watch on which nothing happens for so long is ended.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long a request is held while its cluster is woken.</summary>
    public TimeSpan WakeTimeout { get; init; } = TimeSpan.FromSeconds(25);

    public const string DefaultServiceAddress = "{name}.{namespace}.svc:443";
}

/// <summary>How this server reaches the API of a virtual cluster.</summary>
internal enum ClusterConnection
{
    /// <summary>By Service in a pod of the host, else by port-forward.</summary>
    Auto,

    Service,

    PortForward,
}

internal enum DatabaseKind
{
    Sqlite,
    Postgres,
}
