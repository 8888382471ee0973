using Microsoft.EntityFrameworkCore;
using Shouldly;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Tests.TestHost;
using Xunit;

namespace VClusterManager.Server.Tests.Audit;

public sealed class SqliteAuditTicketTests(SqliteDatabase database)
    : AuditTicketTests(database),
        IClassFixture<SqliteDatabase>;

public sealed class PostgresAuditTicketTests(PostgresDatabase database)
    : AuditTicketTests(database),
        IClassFixture<PostgresDatabase>;

/// <summary>The entry of a request is committed with its change, or neither is.</summary>
public abstract class AuditTicketTests(TestDatabase database)
{
    private readonly AuditRow _entry = Rows.Audit(Rows.Noon) with { Status = null };

    private AuditTicket Ticket => field ??= new AuditTicket(() => _entry with { });

    [Fact]
    public async Task A_change_takes_the_entry_of_its_request_with_it()
    {
        await ChangeAsync(store => store.Clusters.Add(Rows.Cluster()));

        Ticket.IsCommitted.ShouldBeTrue();
        (await StoredAsync()).ShouldBe(_entry);
    }

    [Fact]
    public async Task A_change_that_fails_leaves_no_entry()
    {
        var first = Rows.Cluster();
        await database.Stores.TransactAsync(store => Task.FromResult(store.Clusters.Add(first)), default);

        await Should.ThrowAsync<UniqueViolationException>(() =>
            ChangeAsync(store => store.Clusters.Add(Rows.Cluster(first.Name, first.Namespace)))
        );

        Ticket.IsCommitted.ShouldBeFalse();
        (await StoredAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task A_transaction_that_changes_nothing_leaves_no_entry()
    {
        await ChangeAsync(_ => { });

        Ticket.IsCommitted.ShouldBeFalse();
        (await StoredAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task A_second_change_of_the_same_request_has_no_second_entry()
    {
        await ChangeAsync(store => store.Clusters.Add(Rows.Cluster()));
        await ChangeAsync(store => store.Clusters.Add(Rows.Cluster()));

        (await StoredAsync()).ShouldNotBeNull();
    }

    [Fact]
    public async Task What_runs_on_after_the_answer_is_not_the_request()
    {
        Ticket.IsClosed = true;

        await ChangeAsync(store => store.Clusters.Add(Rows.Cluster()));

        (await StoredAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task A_ticket_does_not_reach_the_next_request()
    {
        await ChangeAsync(_ => { });

        await database.Stores.TransactAsync(store => Task.FromResult(store.Clusters.Add(Rows.Cluster())), default);

        (await StoredAsync()).ShouldBeNull();
    }

    private async Task ChangeAsync(Action<Store> change)
    {
        Ticket.Hold();
        await database.Stores.TransactAsync(
            store =>
            {
                change(store);
                return Task.CompletedTask;
            },
            TestContext.Current.CancellationToken
        );
    }

    private Task<AuditRow?> StoredAsync() =>
        database.Stores.ReadAsync(store => store.Audit.AsNoTracking().SingleOrDefaultAsync(row => row.Id == _entry.Id));
}
