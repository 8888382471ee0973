using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Shouldly;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Tests.TestHost;
using Xunit;

namespace VClusterManager.Server.Tests.Storage;

public sealed class PostgresMigrationTests(PostgresDatabase database)
    : MigrationTests(database),
        IClassFixture<PostgresDatabase>
{
    [Fact]
    public async Task Replicas_that_start_together_migrate_once()
    {
        var options = await database.CreateAsync();

        var ids = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => PrepareAsync(options))));

        ids.Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_migration_whose_connection_is_cut_in_the_middle_leaves_nothing_and_the_next_start_does_it_all()
    {
        var options = await database.CreateAsync();
        await Should.ThrowAsync<Exception>(() =>
            MigrateAsync(
                new DbContextOptionsBuilder<PostgresStore>().UseNpgsql(options.ConnectionString),
                o => new PostgresStore(o),
                async command =>
                {
                    await using var cut = new Npgsql.NpgsqlConnection(options.ConnectionString + ";Pooling=false");
                    await cut.OpenAsync();
                    await using var terminate = cut.CreateCommand();
                    terminate.CommandText =
                        $"SELECT pg_terminate_backend({((Npgsql.NpgsqlConnection)command.Connection!).ProcessID})";
                    await terminate.ExecuteNonQueryAsync();
                }
            )
        );

        await PrepareAsync(options);

        await IsCompleteAsync(options);
    }

    [Fact]
    public async Task A_database_that_does_not_exist_may_yet_come()
    {
        var options = await database.CreateAsync();
        var missing = options with { ConnectionString = options.ConnectionString + ";Database=missing" };

        (await Should.ThrowAsync<DatabaseUnavailableException>(() => PrepareAsync(missing))).Message.ShouldContain(
            "missing"
        );
    }
}

public sealed class SqliteMigrationTests(SqliteDatabase database)
    : MigrationTests(database),
        IClassFixture<SqliteDatabase>
{
    [Fact]
    public async Task A_process_killed_in_the_middle_of_a_migration_is_recovered_from()
    {
        var options = await database.CreateAsync();
        var killed = await database.CreateAsync();
        Directory.CreateDirectory(Path.GetDirectoryName(options.File!)!);
        Directory.CreateDirectory(Path.GetDirectoryName(killed.File!)!);

        // What a kill leaves behind is what is in the files at that moment.
        await MigrateAsync(
            new DbContextOptionsBuilder<SqliteStore>().UseSqlite(options.ConnectionString),
            o => new SqliteStore(o),
            _ =>
            {
                foreach (var file in Directory.GetFiles(Path.GetDirectoryName(options.File!)!))
                {
                    File.Copy(file, Path.Combine(Path.GetDirectoryName(killed.File!)!, Path.GetFileName(file)));
                }

                return Task.CompletedTask;
            }
        );
        (await CountAsync(killed, "SELECT count(*) AS value FROM \"__EFMigrationsLock\"")).ShouldBe(1);

        await PrepareAsync(killed).WaitAsync(TimeSpan.FromSeconds(30));

        await IsCompleteAsync(killed);
        (await CountAsync(killed, "SELECT count(*) AS value FROM \"__EFMigrationsLock\"")).ShouldBe(0);
    }

    [Fact]
    public async Task What_a_dead_process_was_working_on_is_free_again_and_counts_as_tried()
    {
        var options = await database.CreateAsync();
        await PrepareAsync(options);
        await using (var stores = new StoreFactory(options))
        await using (var store = stores.Open())
        {
            await store.Database.ExecuteSqlAsync(
                $"""
                INSERT INTO work_items
                    (kind, key, due_at, attempts, revision, interrupt_revision, epoch, claimed_by, claim_until)
                VALUES ('a', 'held', 1, 2, 1, 0, 1, 'dead', 9), ('a', 'free', 1, 2, 1, 0, 1, NULL, NULL)
                """
            );
        }

        await PrepareAsync(options);

        await using var after = new StoreFactory(options);
        await using var read = after.Open();
        var items = await read.WorkItems.OrderBy(item => item.Key).ToListAsync();
        items
            .Select(item => (item.Key, item.ClaimedBy, item.Attempts))
            .ShouldBe([("free", null, 2), ("held", null, 3)]);
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_refused()
    {
        var options = await database.CreateAsync();
        Directory.CreateDirectory(Path.GetDirectoryName(options.File!)!);
        await File.WriteAllTextAsync(options.File!, new string('x', 4096));

        (await Should.ThrowAsync<DatabaseRefusedException>(() => PrepareAsync(options))).Message.ShouldContain(
            options.File!
        );
    }
}

public abstract class MigrationTests(TestDatabase database)
{
    [Fact]
    public async Task The_model_has_no_changes_without_a_migration()
    {
        await using var store = database.Stores.Open();

        store.Database.HasPendingModelChanges().ShouldBeFalse("run `dotnet ef migrations add` for both contexts");
    }

    [Fact]
    public async Task The_migration_that_a_start_looks_for_is_the_newest()
    {
        await using var store = database.Stores.Open();

        store.NewestMigration.ShouldBe(store.Database.GetMigrations().Last());
    }

    [Fact]
    public async Task A_database_keeps_its_id()
    {
        var options = await database.CreateAsync();

        var first = await PrepareAsync(options);
        var second = await PrepareAsync(options);

        first.ShouldNotBe(Guid.Empty);
        second.ShouldBe(first);
        first.ShouldNotBe(database.Database.Id);
    }

    [Fact]
    public async Task A_database_newer_than_the_program_is_refused_and_left_alone()
    {
        var options = await database.CreateAsync();
        await PrepareAsync(options);
        await using (var stores = new StoreFactory(options))
        await using (var store = stores.Open())
        {
            await store.Database.ExecuteSqlAsync(
                $"INSERT INTO \"__EFMigrationsHistory\" (migration_id, product_version) VALUES ('99990101000000_Later', '99')"
            );
        }

        var refused = await Should.ThrowAsync<DatabaseRefusedException>(() => PrepareAsync(options));

        refused.Message.ShouldContain("99990101000000_Later");
    }

    private protected static async Task<Guid> PrepareAsync(DatabaseOptions options)
    {
        await using var stores = new StoreFactory(options);
        using var prepared = TestDatabase.Prepare(stores, options);
        await prepared.PrepareAsync(CancellationToken.None);
        prepared.IsReady.ShouldBeTrue();
        return prepared.Id;
    }

    private protected static async Task IsCompleteAsync(DatabaseOptions options)
    {
        await using var stores = new StoreFactory(options);
        await using var store = stores.Open();
        (await store.Database.GetPendingMigrationsAsync()).ShouldBeEmpty();
        (await store.Clusters.CountAsync()).ShouldBe(0);
        (await store.WorkItems.CountAsync()).ShouldBe(0);
        (await store.Settings.CountAsync()).ShouldBe(1);
    }

    private protected static async Task<int> CountAsync(DatabaseOptions options, string sql)
    {
        await using var stores = new StoreFactory(options);
        await using var store = stores.Open();
        return await store.Database.SqlQueryRaw<int>(sql).SingleAsync();
    }

    /// <summary>Migrates with EF Core alone, and does something in the middle, when some tables are there.</summary>
    private protected static async Task MigrateAsync<TStore>(
        DbContextOptionsBuilder<TStore> options,
        Func<DbContextOptions<TStore>, TStore> open,
        Func<DbCommand, Task> middle
    )
        where TStore : Store
    {
        var interruption = new InTheMiddle(middle);
        await using var store = open(options.UseSnakeCaseNamingConvention().AddInterceptors(interruption).Options);
        await store.Database.MigrateAsync();
        interruption.Happened.ShouldBeTrue();
    }

    private sealed class InTheMiddle(Func<DbCommand, Task> act) : DbCommandInterceptor
    {
        public bool Happened { get; private set; }

        public override async ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
            DbCommand command,
            CommandEventData eventData,
            InterceptionResult<int> result,
            CancellationToken cancellationToken = default
        )
        {
            var sql = command.CommandText.Replace("\"", "", StringComparison.Ordinal);
            if (!Happened && sql.Contains("CREATE TABLE operations", StringComparison.Ordinal))
            {
                Happened = true;
                await act(command);
            }

            return result;
        }
    }
}
