using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Storage;
using Xunit;

namespace VClusterManager.Server.Tests.TestHost;

/// <summary>A migrated database for the tests of one class, which keep apart by using names of their own.</summary>
public abstract class TestDatabase : IAsyncLifetime
{
    internal DatabaseOptions Options { get; private set; } = null!;

    internal StoreFactory Stores { get; private set; } = null!;

    internal Database Database { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Options = await CreateAsync();
        Stores = new StoreFactory(Options);
        Database = Prepare(Stores, Options);
        await Database.PrepareAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        Database.Dispose();
        await Stores.DisposeAsync();
        await DeleteAsync();
        GC.SuppressFinalize(this);
    }

    internal static Database Prepare(StoreFactory stores, DatabaseOptions options) =>
        new(stores, options, TimeProvider.System, NullLogger<Database>.Instance);

    /// <summary>An empty database beside the migrated one, for tests of the migration itself.</summary>
    internal abstract Task<DatabaseOptions> CreateAsync();

    private protected virtual Task DeleteAsync() => Task.CompletedTask;
}

public sealed class SqliteDatabase : TestDatabase
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vcm-sqlite-").FullName;
    private int _files;

    internal override Task<DatabaseOptions> CreateAsync()
    {
        var file = Path.Combine(_folder, $"{++_files}", "test.db");
        return Task.FromResult(
            new DatabaseOptions
            {
                Kind = DatabaseKind.Sqlite,
                ConnectionString = $"Data Source={file}",
                File = file,
                ListenConnectionString = null,
            }
        );
    }

    private protected override Task DeleteAsync()
    {
        try
        {
            Directory.Delete(_folder, recursive: true);
        }
        catch (IOException)
        {
            // A server that was not waited for may write its last words just now: the folder is a temporary one.
        }
        return Task.CompletedTask;
    }
}

public sealed class PostgresDatabase(PostgresServer server) : TestDatabase
{
    internal override async Task<DatabaseOptions> CreateAsync() =>
        new()
        {
            Kind = DatabaseKind.Postgres,
            ConnectionString = await server.CreateDatabaseAsync(),
            File = null,
            ListenConnectionString = null,
        };

    private string Name => new NpgsqlConnectionStringBuilder(Options.ConnectionString).Database!;

    internal Task CutConnectionsAsync() => server.CutConnectionsAsync(Name);

    internal Task TakeAwayAsync() => server.AllowConnectionsAsync(Name, allow: false);

    internal Task BringBackAsync() => server.AllowConnectionsAsync(Name, allow: true);
}
