using System.Net;
using VClusterManager.Server.Configuration.Keys;

namespace VClusterManager.Server.Configuration.Sections;

/// <summary>Where the server listens and how it is reached.</summary>
internal static class ServerSection
{
    public static readonly KeySection Section = new("server", "Where the server listens and how it is reached.");

    public static readonly KeySection TlsSection = new(
        "server.tls",
        "TLS ended by the server itself, on a port of its own. Off until both files are named. Behind a load balancer "
            + "that ends TLS it is not needed."
    );

    private static readonly Key<IPAddress> Host = Section.Add(
        new Key<IPAddress>(Types.Address)
        {
            Name = "host",
            Default = "0.0.0.0",
            ShortVariable = "SERVER_HOST",
            Doc = "The address to listen on.",
        }
    );

    private static readonly Key<int> Port = Section.Add(
        new Key<int>(Types.Integer(1, 65535))
        {
            Name = "port",
            Default = "8000",
            ShortVariable = "SERVER_PORT",
            Doc = "The port to listen on for HTTP.",
        }
    );

    private static readonly Key<bool> Debug = Section.Add(
        new Key<bool>(Types.LenientBoolean)
        {
            Name = "debug",
            Default = "false",
            ShortVariable = "DEBUG",
            Doc =
                "Log at debug level. Answers never change. In the variable `true`, `1` and `yes` mean true and anything "
                + "else means false.",
        }
    );

    private static readonly Key<string> Instance = Section.Add(
        new Key<string>(
            Types.Text(
                "1 to 40 lower-case letters, digits and '-', with a letter or digit at both ends",
                "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$",
                maxLength: 40
            )
        )
        {
            Name = "instance",
            Default = "default",
            ShortVariable = "INSTANCE",
            Doc =
                "The name that everything made by this manager carries in a label, so that two managers can share a host "
                + "cluster. What belongs to another instance is left alone.",
        }
    );

    private static readonly Key<bool> ReadOnly = Section.Add(
        new Key<bool>(Types.Boolean)
        {
            Name = "read_only",
            Default = "false",
            ShortVariable = "READ_ONLY",
            Doc = "Answer reads, refuse every change and do nothing: the switch for 3 a.m.",
        }
    );

    private static readonly Key<IReadOnlyList<string>> AllowedOrigins = Section.Add(
        new Key<IReadOnlyList<string>>(new ListType<string>("a list of origins", WebAddress.BrowserOrigin))
        {
            Name = "allowed_origins",
            Default = "[]",
            ShortVariable = "ALLOWED_ORIGINS",
            Doc =
                "Web pages of these origins may call the API from a browser, with any method and header and with "
                + "credentials; they can read `Location`, `ETag` and `Retry-After`.",
        }
    );

    private static readonly Key<Uri> PublicUrl = Section.Add(
        new Key<Uri>(WebAddress.Base)
        {
            Name = "public_url",
            DefaultWords = "taken from the request, where that is safe",
            ShortVariable = "PUBLIC_URL",
            Doc = "The address at which users reach this server, such as `https://vclusters.example.com`.",
        }
    );

    private static readonly Key<IReadOnlyList<IPNetwork>> TrustedProxies = Section.Add(
        new Key<IReadOnlyList<IPNetwork>>(new ListType<IPNetwork>("a list of addresses and networks", Types.Network))
        {
            Name = "trusted_proxies",
            Default = "[]",
            ShortVariable = "TRUSTED_PROXIES",
            Doc =
                "Addresses and networks (`10.0.0.0/16`) of the proxies and load balancers in front of this server. Only "
                + "their `X-Forwarded-For`, `X-Forwarded-Proto` and `X-Forwarded-Host` are believed: limits and the audit go "
                + "by the address of the caller behind them. Of anybody else these headers are ignored.",
        }
    );

    private static readonly Key<int> TlsPort = TlsSection.Add(
        new Key<int>(Types.Integer(1, 65535))
        {
            Name = "port",
            Default = "8443",
            Doc = "The port to listen on for HTTPS.",
        }
    );

    private static readonly Key<string> TlsCertificate = TlsSection.Add(
        new Key<string>(Types.FilePath)
        {
            Name = "certificate",
            DefaultWords = "no TLS",
            ShortVariable = "TLS_CERTIFICATE",
            Doc = "A PEM file with the certificate, followed by its chain.",
        }
    );

    private static readonly Key<string> TlsKey = TlsSection.Add(
        new Key<string>(Types.FilePath)
        {
            Name = "key",
            DefaultWords = "no TLS",
            ShortVariable = "TLS_KEY",
            Doc = "A PEM file with the private key.",
        }
    );

    public static ServerOptions Read(ConfigurationValues values) =>
        new()
        {
            Host = values.Get(Host),
            Port = values.Get(Port),
            Debug = values.Get(Debug),
            Tls = ReadTls(values),
            Instance = values.Get(Instance),
            ReadOnly = values.Get(ReadOnly),
            AllowedOrigins = values.Get(AllowedOrigins),
            PublicUrl = values.Find(PublicUrl),
            TrustedProxies = values.Get(TrustedProxies),
            Limits = LimitsSection.Read(values),
        };

    private static TlsOptions? ReadTls(ConfigurationValues values)
    {
        var certificate = values.Find(TlsCertificate);
        var key = values.Find(TlsKey);
        var port = values.Get(TlsPort);
        if (certificate is null || key is null)
        {
            RequireBoth(values, certificate, key);
            return null;
        }

        RequireFile(values, TlsCertificate, certificate);
        RequireFile(values, TlsKey, key);
        if (values.AreValid(Port, TlsPort) && port == values.Get(Port))
        {
            values.Fail(TlsPort, $"must differ from {Port.Path} ({Port.Variable}), which is {port} too");
        }

        return new TlsOptions(port, certificate, key);
    }

    private static void RequireBoth(ConfigurationValues values, string? certificate, string? key)
    {
        if ((certificate is null) != (key is null) && values.AreValid(TlsCertificate, TlsKey))
        {
            var (missing, given) = certificate is null ? (TlsCertificate, TlsKey) : (TlsKey, TlsCertificate);
            values.Fail(missing, $"is missing: it is needed beside {given.Path} ({given.Variable})");
        }
    }

    private static void RequireFile(ConfigurationValues values, Key key, string path)
    {
        if (!values.FileExists(path))
        {
            values.Fail(key, $"names {path}, which is not there or cannot be read");
        }
    }
}
