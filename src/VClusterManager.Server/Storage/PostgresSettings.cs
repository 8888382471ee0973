using Microsoft.EntityFrameworkCore;
using Npgsql;
using VClusterManager.Server.Configuration;

namespace VClusterManager.Server.Storage;

/// <summary>How PostgreSQL is opened.</summary>
internal static class PostgresSettings
{
    // Seconds of silence after which a connection is probed: a peer that vanished is noticed, not waited for.
    private const int KeepAlive = 15;

    public static NpgsqlDataSource DataSource(DatabaseOptions options) =>
        new NpgsqlDataSourceBuilder(WithDefaults(options.ConnectionString).ConnectionString).Build();

    /// <summary>
    /// For what belongs to a session (LISTEN, advisory locks): past a pooler, and never shared with anybody.
    /// </summary>
    public static string SessionConnectionString(DatabaseOptions options)
    {
        var settings = WithDefaults(options.ListenConnectionString ?? options.ConnectionString);
        settings.Pooling = false;
        return settings.ConnectionString;
    }

    public static DbContextOptions<PostgresStore> Context(NpgsqlDataSource source) =>
        new DbContextOptionsBuilder<PostgresStore>().UseNpgsql(source).UseSnakeCaseNamingConvention().Options;

    private static NpgsqlConnectionStringBuilder WithDefaults(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        settings.ApplicationName ??= "vcluster-manager";
        settings.KeepAlive = settings.KeepAlive == 0 ? KeepAlive : settings.KeepAlive;
        return settings;
    }
}
