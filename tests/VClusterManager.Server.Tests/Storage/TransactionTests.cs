using Microsoft.EntityFrameworkCore;
using Shouldly;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Tests.TestHost;
using Xunit;

namespace VClusterManager.Server.Tests.Storage;

public sealed class SqliteTransactionTests(SqliteDatabase database)
    : TransactionTests(database),
        IClassFixture<SqliteDatabase>;

public sealed class PostgresTransactionTests(PostgresDatabase database)
    : TransactionTests(database),
        IClassFixture<PostgresDatabase>;

public abstract class TransactionTests(TestDatabase database) : StoreFixture(database)
{
    private protected static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_name_taken_in_its_namespace_is_told_apart_from_other_failures()
    {
        var first = Rows.Cluster();
        await AddAsync(first);

        var refused = await Should.ThrowAsync<UniqueViolationException>(() =>
            AddAsync(Rows.Cluster(first.Name, first.Namespace))
        );

        // Both constraints are broken; which of them is found first is the Database's choice.
        refused.Constraint.ShouldBeOneOf(Constraints.ClusterName, Constraints.ClusterNamespace);
    }

    [Fact]
    public async Task A_namespace_holds_one_living_cluster()
    {
        var first = Rows.Cluster();
        await AddAsync(first);

        var refused = await Should.ThrowAsync<UniqueViolationException>(() =>
            AddAsync(Rows.Cluster(ns: first.Namespace))
        );
        refused.Constraint.ShouldBe(Constraints.ClusterNamespace);

        await ChangeAsync(first.Id, row => row.DeletedAt = Rows.Noon);
        await AddAsync(Rows.Cluster(first.Name, first.Namespace));
    }

    [Fact]
    public async Task An_idempotency_key_used_twice_is_told_by_its_constraint()
    {
        await AddAsync(Answer("key-1"));

        var refused = await Should.ThrowAsync<UniqueViolationException>(() => AddAsync(Answer("key-1")));

        refused.Constraint.ShouldBe(Constraints.IdempotencyKey);
    }

    [Fact]
    public async Task A_change_that_met_a_concurrent_one_runs_again_and_loses_nothing()
    {
        var row = Rows.Cluster();
        await AddAsync(row);
        const int writers = 8;

        var changes = Enumerable
            .Range(0, writers)
            .Select(_ => Task.Run(() => ChangeAsync(row.Id, cluster => cluster.Revision++)));
        await Task.WhenAll(changes).WaitAsync(Limit);

        var read = await ReadAsync(row.Id);
        read.Revision.ShouldBe(1 + writers);
        read.RowVersion.ShouldBe(1 + writers);
    }

    [Fact]
    public async Task A_stale_row_version_is_refused()
    {
        var row = Rows.Cluster();
        await AddAsync(row);
        await using var stale = Database.Stores.Open();
        var held = await stale.Clusters.SingleAsync(c => c.Id == row.Id);
        await ChangeAsync(row.Id, cluster => cluster.Message = "first");

        held.Message = "second";

        await Should.ThrowAsync<DbUpdateConcurrencyException>(() => stale.SaveChangesAsync());
        (await ReadAsync(row.Id)).Message.ShouldBe("first");
    }

    [Fact]
    public async Task A_failed_change_leaves_nothing_behind()
    {
        var row = Rows.Cluster();

        await Should.ThrowAsync<InvalidTimeZoneException>(() =>
            Database.Stores.TransactAsync(
                async store =>
                {
                    store.Add(row);
                    await store.SaveChangesAsync();
                    throw new InvalidTimeZoneException();
                },
                CancellationToken.None
            )
        );

        await using var read = Database.Stores.Open();
        (await read.Clusters.AnyAsync(c => c.Id == row.Id)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_caller_who_gives_up_gets_a_cancellation_and_nothing_is_saved()
    {
        var row = Rows.Cluster();
        using var giveUp = new CancellationTokenSource();

        await Should.ThrowAsync<OperationCanceledException>(() =>
            Database.Stores.TransactAsync(
                async store =>
                {
                    store.Add(row);
                    await giveUp.CancelAsync();
                },
                giveUp.Token
            )
        );

        await using var read = Database.Stores.Open();
        (await read.Clusters.AnyAsync(c => c.Id == row.Id)).ShouldBeFalse();
    }

    private protected static IdempotencyRow Answer(string key) =>
        new()
        {
            Principal = "tests",
            Key = key,
            RequestHash = "hash",
            StatusCode = 202,
            Location = null,
            Body = "{}",
            ExpiresAt = Rows.Noon,
        };
}
