using Microsoft.EntityFrameworkCore;
using Shouldly;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Tests.TestHost;
using Xunit;

namespace VClusterManager.Server.Tests.Storage;

public sealed class PostgresAvailabilityTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    [Fact]
    public async Task Connections_that_were_cut_while_idle_do_not_fail_the_next_change()
    {
        await CountAsync();

        await database.CutConnectionsAsync();

        await database.Stores.TransactAsync(store => store.Clusters.CountAsync(), CancellationToken.None);
    }

    [Fact]
    public async Task A_database_that_is_away_is_told_apart_and_serves_again_when_it_is_back()
    {
        await database.TakeAwayAsync();
        try
        {
            await Should.ThrowAsync<DatabaseUnavailableException>(CountAsync);
            await Should.ThrowAsync<DatabaseUnavailableException>(() =>
                database.Stores.TransactAsync(store => store.Clusters.CountAsync(), CancellationToken.None)
            );
            database.Stores.Reach.Problem.ShouldNotBeNull().ShouldMatch(@"^The database has not answered for \d+ s\.$");
        }
        finally
        {
            await database.BringBackAsync();
        }

        await Should.NotThrowAsync(CountAsync);
        database.Stores.Reach.Problem.ShouldBeNull();
    }

    [Fact]
    public async Task A_connection_that_was_lost_between_two_commands_of_a_change_is_a_database_that_is_away()
    {
        var times = 0;

        await Should.ThrowAsync<DatabaseUnavailableException>(() =>
            database.Stores.TransactAsync(
                async store =>
                {
                    times++;
                    var own = await store.Database.SqlQuery<int>($"SELECT pg_backend_pid() AS \"Value\"").SingleAsync();
                    await using (var other = database.Stores.Open())
                    {
                        await other.Database.ExecuteSqlAsync($"SELECT pg_terminate_backend({own})");
                    }
                    await Should.ThrowAsync<Exception>(() => store.Settings.CountAsync());

                    // It is known to be lost by now, and the next command says something else than that.
                    await store.Database.ExecuteSqlAsync($"SELECT 1");
                },
                CancellationToken.None
            )
        );

        times.ShouldBe(2, "once more, since nothing was committed");
    }

    [Fact]
    public async Task A_server_that_falls_silent_in_a_change_keeps_others_waiting_for_seconds_only()
    {
        TaskCompletionSource holds = new();
        TaskCompletionSource wakes = new();
        var attempts = 0;
        var silent = database.Stores.TransactAsync(
            async store =>
            {
                await ApiKeyChanges.RaiseAsync(store, CancellationToken.None);
                if (attempts++ == 0)
                {
                    holds.SetResult();
                    await wakes.Task;
                    await ApiKeyChanges.RaiseAsync(store, CancellationToken.None);
                }
            },
            CancellationToken.None
        );
        await holds.Task;

        await database
            .Stores.TransactAsync(
                store => ApiKeyChanges.RaiseAsync(store, CancellationToken.None),
                CancellationToken.None
            )
            .WaitAsync(TimeSpan.FromSeconds(25));

        wakes.SetResult();
        await silent;
        attempts.ShouldBe(2, "its change was taken back, and made once more");
    }

    [Fact]
    public async Task A_deadlock_is_resolved_by_running_one_of_the_two_again()
    {
        var (a, b) = (Rows.Cluster(), Rows.Cluster());
        await database.Stores.TransactAsync(
            store =>
            {
                store.AddRange(a, b);
                return Task.CompletedTask;
            },
            CancellationToken.None
        );
        using var met = new Barrier(2);

        await Task.WhenAll(Task.Run(() => TouchAsync(a.Id, b.Id, met)), Task.Run(() => TouchAsync(b.Id, a.Id, met)))
            .WaitAsync(TimeSpan.FromSeconds(30));

        var rows = await database.Stores.ReadAsync(store =>
            store.Clusters.Where(c => c.Id == a.Id || c.Id == b.Id).ToListAsync()
        );
        rows.ShouldAllBe(row => row.Revision == 3);
    }

    private Task<int> CountAsync() => database.Stores.ReadAsync(store => store.Clusters.CountAsync());

    private Task TouchAsync(Guid first, Guid second, Barrier met)
    {
        var attempts = 0;
        return database.Stores.TransactAsync(
            async store =>
            {
                await store.Clusters.Where(c => c.Id == first).ExecuteUpdateAsync(RaiseRevision);
                if (attempts++ == 0)
                {
                    met.SignalAndWait(TimeSpan.FromSeconds(20));
                }

                await store.Clusters.Where(c => c.Id == second).ExecuteUpdateAsync(RaiseRevision);
            },
            CancellationToken.None
        );
    }

    private static void RaiseRevision(Microsoft.EntityFrameworkCore.Query.UpdateSettersBuilder<ClusterRow> row) =>
        row.SetProperty(c => c.Revision, c => c.Revision + 1);
}

public sealed class SqliteAvailabilityTests(SqliteDatabase database) : IClassFixture<SqliteDatabase>
{
    [Fact]
    public async Task Readers_go_on_while_a_change_is_being_made()
    {
        await database.Stores.TransactAsync(
            async store =>
            {
                store.Add(Rows.Cluster());
                await store.SaveChangesAsync();
                await using var reader = database.Stores.Open();
                (await reader.Clusters.CountAsync()).ShouldBe(0);
            },
            CancellationToken.None
        );
    }

    [Fact]
    public async Task A_commit_is_on_the_disk_and_broken_references_are_refused()
    {
        await using var store = database.Stores.Open();

        (await PragmaAsync(store, "journal_mode")).ShouldBe("wal");
        (await PragmaAsync(store, "synchronous")).ShouldBe("2");
        (await PragmaAsync(store, "foreign_keys")).ShouldBe("1");
    }

    private static async Task<string> PragmaAsync(Store store, string name)
    {
        await store.Database.OpenConnectionAsync();
        await using var command = store.Database.GetDbConnection().CreateCommand();
        command.CommandText = $"PRAGMA {name}";
        return $"{await command.ExecuteScalarAsync()}";
    }
}
