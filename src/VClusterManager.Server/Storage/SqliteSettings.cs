using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using VClusterManager.Server.Configuration;

namespace VClusterManager.Server.Storage;

/// <summary>How SQLite is opened.</summary>
internal static class SqliteSettings
{
    // Seconds that a command goes on trying while the file is busy.
    private const int CommandTimeout = 15;

    public static string File(DatabaseOptions options) =>
        Path.GetFullPath(
            options.File
                ?? new SqliteConnectionStringBuilder(options.ConnectionString).DataSource switch
                {
                    "" or ":memory:" => throw new DatabaseRefusedException(
                        "An SQLite database needs a file: a database in memory would forget what was accepted."
                    ),
                    var source => source,
                }
        );

    public static string ConnectionString(DatabaseOptions options) =>
        new SqliteConnectionStringBuilder(options.ConnectionString)
        {
            DataSource = File(options),
            Mode = SqliteOpenMode.ReadWriteCreate,
            ForeignKeys = true,
            Pooling = true,
            DefaultTimeout = CommandTimeout,
        }.ConnectionString;

    public static DbContextOptions<SqliteStore> Context(string connectionString) =>
        new DbContextOptionsBuilder<SqliteStore>()
            .UseSqlite(connectionString)
            .UseSnakeCaseNamingConvention()
            .AddInterceptors(new Pragmas())
            .Options;

    /// <summary>What SQLite keeps per connection, not in the file.</summary>
    private sealed class Pragmas : DbConnectionInterceptor
    {
        // synchronous = FULL: a commit is on the disk before it is answered, so that what was accepted survives a power
        // cut and not only a kill (NORMAL, in WAL mode, may lose the last commits). The price is one fsync per change: a fraction of a millisecond on an SSD.
        // busy_timeout: SQLite's own waiting wakes within milliseconds; the provider's sleeps 150 ms at a time.
        private const string Sql = "PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000;";

        public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
        {
            using var command = connection.CreateCommand();
            command.CommandText = Sql;
            command.ExecuteNonQuery();
        }

        public override Task ConnectionOpenedAsync(
            DbConnection connection,
            ConnectionEndEventData eventData,
            CancellationToken cancellationToken = default
        )
        {
            // SQLite has no asynchronous calls.
            ConnectionOpened(connection, eventData);
            return Task.CompletedTask;
        }
    }
}
