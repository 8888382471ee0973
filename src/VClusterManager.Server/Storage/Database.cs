using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using VClusterManager.Server.Configuration;

namespace VClusterManager.Server.Storage;

/// <summary>
/// Brings the database to the shape that this program needs, before anything else uses it.
/// </summary>
/// <remarks>
/// The story: whoever migrates is alone. On SQLite the process holds the file; EF Core's own lock is a row, which a
/// killed process leaves behind and the next start would wait for without end, so with the file in hand that row is
/// thrown away. On PostgreSQL replicas start together, so each holds an advisory lock, which ends with its connection,
/// around looking and migrating; the second one then finds nothing left to do. Every migration is one transaction.
/// </remarks>
internal sealed partial class Database(
    StoreFactory stores,
    DatabaseOptions options,
    TimeProvider time,
    ILogger<Database> logger
) : IDisposable
{
    // Any number, as long as nobody else who shares the database uses it: "vcluster" in ASCII.
    private const long MigrationLock = 0x76636C7573746572;
    private const int SqliteCorrupt = 11;
    private const int SqliteNotADatabase = 26;
    private const string IdSetting = "database_id";
    private static readonly TimeSpan MigrationTimeout = TimeSpan.FromMinutes(10);

    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _preparing = new(1, 1);
    private SqliteFile? _file;

    /// <summary>Made once per database and kept in it: tells a restored or swapped database from the one before.</summary>
    public Guid Id { get; private set; }

    public bool IsReady => _ready.Task.IsCompletedSuccessfully;

    /// <summary>Completes when the database may be used.</summary>
    public Task Ready => _ready.Task;

    /// <summary>Migrates where it must. May be called again after it failed; once it succeeded it does nothing.</summary>
    /// <exception cref="DatabaseRefusedException">The database is newer than the program, or held by another process.</exception>
    /// <exception cref="DatabaseUnavailableException">It cannot be reached: try again.</exception>
    public async Task PrepareAsync(CancellationToken cancellation)
    {
        await _preparing.WaitAsync(cancellation);
        try
        {
            if (IsReady)
            {
                return;
            }

            await (
                options.Kind == DatabaseKind.Sqlite
                    ? PrepareSqliteAsync(cancellation)
                    : PreparePostgresAsync(cancellation)
            );
            Id = await stores.TransactAsync(IdOfAsync, cancellation);
            Log.Ready(logger, options.Kind, Id);
            _ready.TrySetResult();
        }
        catch (Exception e) when (DatabaseErrors.Classify(e) == DatabaseError.Unavailable)
        {
            throw DatabaseErrors.Unavailable(e);
        }
        finally
        {
            _preparing.Release();
        }
    }

    public void Dispose()
    {
        // First the connections, so that SQLite has folded its log into the file while it is still ours.
        stores.CloseIdleConnections();
        _file?.Dispose();
        _preparing.Dispose();
    }

    private async Task PrepareSqliteAsync(CancellationToken cancellation)
    {
        var path = SqliteSettings.File(options);
        _file ??= SqliteFile.Hold(path, time);
        if (!_file.LocksWork)
        {
            Log.NoLocks(logger, path);
        }

        try
        {
            await using var store = stores.Open();
            await store.Database.ExecuteSqlRawAsync("PRAGMA journal_mode = WAL", cancellation);
            await ForgetStaleLockAsync(store, cancellation);
            await MigrateAsync(store, cancellation);
            // Whoever held claims is dead: this process alone has the file. As with any claim that was left behind, a try
            // has failed.
            await store
                .WorkItems.Where(i => i.ClaimedBy != null)
                .ExecuteUpdateAsync(
                    items =>
                        items
                            .SetProperty(i => i.ClaimedBy, (string?)null)
                            .SetProperty(i => i.ClaimUntil, (DateTimeOffset?)null)
                            .SetProperty(i => i.Attempts, i => i.Attempts + 1),
                    cancellation
                );
        }
        catch (SqliteException e) when (e.SqliteErrorCode is SqliteCorrupt or SqliteNotADatabase)
        {
            throw new DatabaseRefusedException($"The file {path} is damaged, or no SQLite database: {e.Message}", e);
        }
    }

    private async Task PreparePostgresAsync(CancellationToken cancellation)
    {
        await using var session = new NpgsqlConnection(PostgresSettings.SessionConnectionString(options));
        await session.OpenAsync(cancellation);
        await using var take = new NpgsqlCommand($"SELECT pg_advisory_lock({MigrationLock})", session);
        // Another replica may be migrating for long.
        take.CommandTimeout = 0;
        await take.ExecuteNonQueryAsync(cancellation);

        await using var store = stores.Open();
        await MigrateAsync(store, cancellation);
    }

    private async Task MigrateAsync(Store store, CancellationToken cancellation)
    {
        if (await IsCurrentAsync(store, cancellation))
        {
            return;
        }

        var known = store.Database.GetMigrations().ToHashSet();
        var applied = (await store.Database.GetAppliedMigrationsAsync(cancellation)).ToList();
        if (applied.Find(name => !known.Contains(name)) is { } unknown)
        {
            throw new DatabaseRefusedException(
                $"The database has a change ({unknown}) that this version of the program does not know: it was last used"
                    + " by a newer one. Start that version, or restore a backup from before the upgrade."
            );
        }

        if (applied.Count < known.Count)
        {
            Log.Migrating(logger, options.Kind, known.Count - applied.Count);
            store.Database.SetCommandTimeout(MigrationTimeout);
            await store.Database.MigrateAsync(cancellation);
        }
    }

    // Most starts find nothing to do. EF Core's own answer to that builds another model by its conventions and loads every
    // type of the program, which is time and memory at each start.
    private static async Task<bool> IsCurrentAsync(Store store, CancellationToken cancellation)
    {
        return await HasTableAsync(store, "__EFMigrationsHistory", cancellation)
            && await store
                .Database.SqlQuery<string>($"SELECT max(migration_id) AS \"Value\" FROM \"__EFMigrationsHistory\"")
                .SingleAsync(cancellation) == store.NewestMigration;
    }

    private static async Task ForgetStaleLockAsync(Store store, CancellationToken cancellation)
    {
        if (await HasTableAsync(store, "__EFMigrationsLock", cancellation))
        {
            await store.Database.ExecuteSqlRawAsync("DELETE FROM \"__EFMigrationsLock\"", cancellation);
        }
    }

    private static async Task<bool> HasTableAsync(Store store, string name, CancellationToken cancellation) =>
        await store.Database.SqlQuery<int>(store.CountTables(name)).SingleAsync(cancellation) > 0;

    private static async Task<Guid> IdOfAsync(Store store)
    {
        await store.Database.ExecuteSqlAsync(
            $"INSERT INTO settings (name, value) VALUES ({IdSetting}, {Guid.NewGuid().ToString()}) ON CONFLICT DO NOTHING"
        );
        return Guid.Parse((await store.Settings.SingleAsync(row => row.Name == IdSetting)).Value);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "The {Kind} database {Id} is ready")]
        public static partial void Ready(ILogger logger, DatabaseKind kind, Guid id);

        [LoggerMessage(Level = LogLevel.Information, Message = "Migrating the {Kind} database: {Count} steps")]
        public static partial void Migrating(ILogger logger, DatabaseKind kind, int count);

        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "The file system of {Path} has no locks: a second server on the same file would not be noticed"
        )]
        public static partial void NoLocks(ILogger logger, string path);
    }
}
