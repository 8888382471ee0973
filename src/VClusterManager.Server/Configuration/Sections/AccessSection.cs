using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using VClusterManager.Server.Configuration.Keys;
using VClusterManager.Server.Configuration.Raw;

namespace VClusterManager.Server.Configuration.Sections;

/// <summary>How people get into virtual clusters.</summary>
internal static class AccessSection
{
    public static readonly KeySection Section = new(
        "access",
        "How people get into virtual clusters: kubeconfigs, their tokens, and the proxy behind them."
    );

    private static readonly Dictionary<string, ClusterConnection> Connections = new()
    {
        ["auto"] = ClusterConnection.Auto,
        ["service"] = ClusterConnection.Service,
        ["port_forward"] = ClusterConnection.PortForward,
    };

    private static readonly Key<TimeSpan> TokenTtl = Section.Add(
        new Key<TimeSpan>(Types.Duration(TimeSpan.FromMinutes(1), TimeSpan.FromDays(30)))
        {
            Name = "token_ttl",
            Default = "8h",
            Doc = "How long the token in a kubeconfig lasts when nobody asks for another time.",
        }
    );

    private static readonly Key<TimeSpan> MaxTokenTtl = Section.Add(
        new Key<TimeSpan>(Types.Duration(TimeSpan.FromMinutes(1), TimeSpan.FromDays(30)))
        {
            Name = "max_token_ttl",
            Default = "24h",
            Doc = "The longest time that may be asked for.",
        }
    );

    private static readonly Key<string> CertificateAuthority = Section.Add(
        new Key<string>(Types.FilePath)
        {
            Name = "certificate_authority",
            DefaultWords = "the certificate at the public address is publicly trusted",
            Doc =
                "A PEM file with the authority that has signed the certificate at `server.public_url`. It is put into "
                + "kubeconfigs, so that kubectl trusts it.",
        }
    );

    private static readonly Key<ClusterConnection> Connection = Section.Add(
        new Key<ClusterConnection>(
            new ScalarType<ClusterConnection>(
                $"one of {string.Join(", ", Connections.Keys)}",
                ScalarKinds.Text,
                new() { ["enum"] = new JsonArray([.. Connections.Keys]) },
                s => Parsed.When(Connections.TryGetValue(s.Text, out var way), way)
            )
        )
        {
            Name = "connection",
            Default = "auto",
            Doc =
                "How this server reaches the API of a virtual cluster: `service` by its Service, `port_forward` through the "
                + "host's API to its pod, `auto` by Service when the server runs in a pod of the host, else by port-forward.",
        }
    );

    private static readonly Key<string> ServiceAddress = Section.Add(
        new Key<string>(
            Types.Text("HOST:PORT, with {name} and {namespace} in it", "^[A-Za-z0-9.{}-]+:[0-9]{1,5}$", maxLength: 253)
        )
        {
            Name = "service_address",
            Default = $"'{AccessOptions.DefaultServiceAddress}'",
            Doc =
                "Where `service` finds the Service of a cluster. Another address than the default is for networks in which "
                + "that name means nothing; the certificate must be that of the Service all the same.",
        }
    );

    private static readonly Key<int> MaxStreams = Section.Add(
        new Key<int>(Types.Integer(1, 100_000))
        {
            Name = "max_streams",
            Default = "1000",
            Doc =
                "Watches, followed logs, sessions and requests that wait for a cluster to wake, which one caller may have open at "
                + "once, on each server.",
        }
    );

    private static readonly Key<TimeSpan> IdleTimeout = Section.Add(
        new Key<TimeSpan>(Types.Duration(TimeSpan.FromMinutes(1), TimeSpan.FromDays(1)))
        {
            Name = "idle_timeout",
            Default = "1h",
            Doc = "A watch or session on which nothing has come or gone for so long is ended.",
        }
    );

    private static readonly Key<TimeSpan> WakeTimeout = Section.Add(
        new Key<TimeSpan>(Types.Duration(TimeSpan.Zero, TimeSpan.FromMinutes(5)))
        {
            Name = "wake_timeout",
            Default = "25s",
            Doc =
                "How long a request to a cluster that sleeps is held while it is woken. What takes longer is answered with 503 "
                + "and `Retry-After`, after which kubectl asks again by itself. Keep it below the idle timeout of what stands in "
                + "front of the server.",
        }
    );

    public static AccessOptions Read(ConfigurationValues values)
    {
        var (ttl, most) = (values.Get(TokenTtl), values.Get(MaxTokenTtl));
        if (values.AreValid(TokenTtl, MaxTokenTtl) && ttl > most)
        {
            values.Fail(
                TokenTtl,
                $"must be at most {MaxTokenTtl.Path} ({MaxTokenTtl.Variable}), which is {DurationText.Format(most)}"
            );
        }

        return new AccessOptions
        {
            TokenTtl = ttl,
            MaxTokenTtl = most,
            CertificateAuthority = ReadAuthority(values),
            Connection = values.Get(Connection),
            ServiceAddress = values.Get(ServiceAddress),
            MaxStreams = values.Get(MaxStreams),
            IdleTimeout = values.Get(IdleTimeout),
            WakeTimeout = values.Get(WakeTimeout),
        };
    }

    /// <summary>Read once: certificates in it are for years.</summary>
    private static string? ReadAuthority(ConfigurationValues values)
    {
        if (values.Find(CertificateAuthority) is not { } path)
        {
            return null;
        }

        try
        {
            X509Certificate2Collection certificates = [];
            certificates.ImportFromPemFile(path);
            if (certificates.Count > 0)
            {
                return certificates.ExportCertificatePems();
            }
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            // Said below.
        }

        values.Fail(CertificateAuthority, $"names {path}, in which no certificate can be read");
        return null;
    }
}
