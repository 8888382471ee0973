using Microsoft.Data.Sqlite;
using Npgsql;

namespace VClusterManager.Server.Configuration.Keys;

/// <summary>A database as one line of text, turned into a connection string. What it says never gets into an error.</summary>
internal sealed record DatabaseUrl(DatabaseKind Kind, string ConnectionString, string? File)
{
    public const string Words = "sqlite:PATH or postgres://USER:PASSWORD@HOST[:PORT]/DATABASE[?sslmode=...]";

    /// <summary>The names that libpq and every hosting provider use, and what Npgsql calls them.</summary>
    private static readonly Dictionary<string, string> LibpqNames = new(StringComparer.OrdinalIgnoreCase)
    {
        ["sslmode"] = "SSL Mode",
        ["sslrootcert"] = "Root Certificate",
        ["sslcert"] = "SSL Certificate",
        ["sslkey"] = "SSL Key",
        ["sslpassword"] = "SSL Password",
        ["connect_timeout"] = "Timeout",
        ["application_name"] = "Application Name",
        ["target_session_attrs"] = "Target Session Attributes",
        ["options"] = "Options",
    };

    /// <summary>A record would print the connection string.</summary>
    public override string ToString() => $"{Kind}";

    public static Parsed<DatabaseUrl> Parse(ScalarText written)
    {
        var text = written.Text;
        if (text.StartsWith("sqlite:", StringComparison.Ordinal))
        {
            return Sqlite(text["sqlite:".Length..], written);
        }

        return text.Split("://", 2) is [("postgres" or "postgresql"), var rest]
            ? Postgres(rest)
            : Parsed.Not<DatabaseUrl>();
    }

    public static Parsed<DatabaseUrl> ParsePostgres(ScalarText written) =>
        Parse(written) is { Ok: true, Value.Kind: DatabaseKind.Sqlite }
            ? Parsed.Not<DatabaseUrl>("must be a postgres:// address: only PostgreSQL has LISTEN")
            : Parse(written);

    private static Parsed<DatabaseUrl> Sqlite(string path, ScalarText written)
    {
        // sqlite:///absolute is what other programs write.
        path = path.StartsWith("//", StringComparison.Ordinal) ? path[2..] : path;
        if (path.Length == 0 || path.Contains(":memory:", StringComparison.Ordinal) || path.EndsWith('/'))
        {
            return Parsed.Not<DatabaseUrl>("must name a file: sqlite:PATH");
        }

        var file = written.At.ResolvePath(path, written.Origin);
        SqliteConnectionStringBuilder builder = new() { DataSource = file };
        return Parsed.From(new DatabaseUrl(DatabaseKind.Sqlite, builder.ConnectionString, file));
    }

    /// <summary>Taken apart by hand: several hosts, and passwords with odd characters, are no <see cref="Uri"/>.</summary>
    private static Parsed<DatabaseUrl> Postgres(string rest)
    {
        var (address, query) = Cut(rest, '?');
        var at = address.LastIndexOf('@');
        var (user, password) = Cut(at < 0 ? "" : address[..at], ':');
        var (hosts, database) = Cut(address[(at + 1)..], '/');
        if (hosts.Length == 0 || database is not { Length: > 0 } || database.Contains('/'))
        {
            return Parsed.Not<DatabaseUrl>();
        }

        NpgsqlConnectionStringBuilder builder = new() { Host = hosts, Database = Uri.UnescapeDataString(database) };
        if (!SetHosts(builder, hosts))
        {
            return Parsed.Not<DatabaseUrl>("has a host or a port that cannot be right");
        }

        if (user.Length > 0)
        {
            builder.Username = Uri.UnescapeDataString(user);
        }

        if (password is not null)
        {
            builder.Password = Uri.UnescapeDataString(password);
        }

        foreach (
            var (name, value) in (query ?? "")
                .Split('&', StringSplitOptions.RemoveEmptyEntries)
                .Select(p => Cut(p, '='))
        )
        {
            if (!SetParameter(builder, Uri.UnescapeDataString(name), Uri.UnescapeDataString(value ?? "")))
            {
                return Parsed.Not<DatabaseUrl>(
                    $"has a parameter that is not known or has a wrong value: {Uri.UnescapeDataString(name)}"
                );
            }
        }

        return Parsed.From(new DatabaseUrl(DatabaseKind.Postgres, builder.ConnectionString, File: null));
    }

    private static bool SetHosts(NpgsqlConnectionStringBuilder builder, string hosts)
    {
        var parts = hosts.Split(',');
        var ports = parts.Select(PortOf).ToArray();
        if (parts.Any(p => p.Length == 0 || p.StartsWith(':')) || ports.Any(p => p is < 1 or > 65535))
        {
            return false;
        }

        if (parts is [var only])
        {
            var colon = only.LastIndexOf(':');
            builder.Host = HasPort(only) ? only[..colon].Trim('[', ']') : only.Trim('[', ']');
            builder.Port = ports[0];
        }

        return true;
    }

    private static bool HasPort(string host) => host.LastIndexOf(':') > host.LastIndexOf(']');

    private static int PortOf(string host) =>
        !HasPort(host) ? NpgsqlConnection.DefaultPort
        : int.TryParse(host.AsSpan(host.LastIndexOf(':') + 1), out var port) ? port
        : 0;

    private static bool SetParameter(NpgsqlConnectionStringBuilder builder, string name, string value)
    {
        try
        {
            // libpq writes verify-full, Npgsql VerifyFull; both take options and paths as they are.
            var isWord = name.Equals("sslmode", StringComparison.OrdinalIgnoreCase);
            builder[LibpqNames.GetValueOrDefault(name, name)] = isWord
                ? value.Replace("-", "", StringComparison.Ordinal)
                : value;
            return true;
        }
        catch (Exception e)
            when (e is ArgumentException or FormatException or InvalidCastException or OverflowException)
        {
            return false;
        }
    }

    private static (string Before, string? After) Cut(string text, char separator)
    {
        var at = text.IndexOf(separator);
        return at < 0 ? (text, null) : (text[..at], text[(at + 1)..]);
    }
}
