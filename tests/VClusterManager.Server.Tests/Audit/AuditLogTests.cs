using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Shouldly;
using VClusterManager.Server.Audit;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Tests.Http;
using VClusterManager.Server.Tests.TestHost;
using Xunit;

namespace VClusterManager.Server.Tests.Audit;

public sealed class SqliteAuditLogTests(SqliteDatabase database)
    : AuditLogTests(database),
        IClassFixture<SqliteDatabase>;

public sealed class PostgresAuditLogTests(PostgresDatabase database)
    : AuditLogTests(database),
        IClassFixture<PostgresDatabase>
{
    [Fact]
    public async Task What_comes_while_the_database_is_away_is_stored_when_it_is_back()
    {
        using var log = Start();
        var row = Rows.Audit(Rows.Noon);
        await ((PostgresDatabase)Database).TakeAwayAsync();
        try
        {
            await log.AddAsync(row);
            await Wait.UntilAsync(() => Lines.Lines.Any(line => line.Level == LogLevel.Warning));
        }
        finally
        {
            await ((PostgresDatabase)Database).BringBackAsync();
        }

        await Wait.UntilAsync(async () => await FindAsync(row.Id) is not null);
        await StopAsync(log);
        Lines.Lines.ShouldNotContain(line => line.Level == LogLevel.Error);
    }
}

public abstract class AuditLogTests(TestDatabase database)
{
    private protected LogLines Lines { get; } = new();

    private protected TestDatabase Database => database;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_added_is_stored_by_itself_and_told_at_once()
    {
        using var log = Start();
        var row = Rows.Audit(Rows.Noon) with { Namespace = "vcluster-demo", Target = "demo" };

        await log.AddAsync(row);

        Lines
            .Lines.ShouldHaveSingleItem()
            .Text.ShouldBe(
                "anna (api_key) from 203.0.113.7: cluster.create vcluster-demo/demo: Accepted, 202 Accepted [trace]"
            );
        await Wait.UntilAsync(async () => await FindAsync(row.Id) is not null);
        (await FindAsync(row.Id)).ShouldBe(row);
        await StopAsync(log);
    }

    [Fact]
    public async Task Whoever_asks_for_it_waits_until_what_was_added_before_is_stored()
    {
        using var log = Start();
        List<AuditRow> rows = [.. Enumerable.Range(0, 1200).Select(_ => Rows.Audit(Rows.Noon))];
        foreach (var row in rows)
        {
            await log.AddAsync(row);
        }

        await log.FlushAsync(Cancellation);

        (await CountAsync(rows)).ShouldBe(rows.Count);
        await StopAsync(log);
    }

    [Fact]
    public async Task Nothing_is_lost_when_the_server_stops()
    {
        using var log = Start();
        List<AuditRow> rows = [.. Enumerable.Range(0, 1200).Select(_ => Rows.Audit(Rows.Noon))];
        foreach (var row in rows)
        {
            await log.AddAsync(row);
        }
        var counted = Rows.Audit(Rows.Noon) with { Status = 401 };
        log.Count("a", counted);
        log.Count("a", counted);

        await StopAsync(log);

        (await CountAsync(rows)).ShouldBe(rows.Count);
        (await FindAsync(counted.Id))!.Count.ShouldBe(2);
    }

    [Fact]
    public async Task What_was_committed_with_a_change_is_given_its_answer()
    {
        using var log = Start();
        var row = Rows.Audit(Rows.Noon);
        await database.Stores.TransactAsync(
            store =>
            {
                store.Audit.Add(row with { Status = null });
                return Task.CompletedTask;
            },
            Cancellation
        );

        await log.AddAsync(row with { Namespace = "vcluster-demo" });
        await log.FlushAsync(Cancellation);

        var stored = await FindAsync(row.Id);
        (stored!.Status, stored.Namespace).ShouldBe((202, "vcluster-demo"));
        await StopAsync(log);
    }

    [Fact]
    public async Task A_full_queue_has_requests_wait_and_drops_nothing_in_silence()
    {
        // Not started: nobody takes anything out of the queue.
        using var log = New();
        for (var i = 0; i < AuditLog.Capacity; i++)
        {
            await log.AddAsync(Rows.Audit(Rows.Noon));
        }
        var row = Rows.Audit(Rows.Noon);

        var waits = log.AddAsync(row).AsTask();
        waits.IsCompleted.ShouldBeFalse();
        await log.StartAsync(Cancellation);

        await waits.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        await Wait.UntilAsync(async () => await FindAsync(row.Id) is not null);
        await StopAsync(log);
        Lines.Lines.ShouldNotContain(line => line.Level == LogLevel.Error);
    }

    [Fact]
    public async Task What_finds_no_place_is_said_to_be_lost()
    {
        using var log = New();
        await log.StartAsync(Cancellation);
        await StopAsync(log);

        await log.AddAsync(Rows.Audit(Rows.Noon));

        Lines.Lines.ShouldContain(line =>
            line.Level == LogLevel.Error && line.Text.Contains("cluster.create [trace] found no place")
        );
    }

    private protected AuditLog Start()
    {
        var log = New();
        log.StartAsync(Cancellation).IsCompletedSuccessfully.ShouldBeTrue();
        return log;
    }

    private protected static Task StopAsync(AuditLog log) => log.StoppedAsync(CancellationToken.None);

    private protected Task<AuditRow?> FindAsync(Guid id) =>
        database.Stores.ReadAsync(store =>
            store.Audit.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, Cancellation)
        );

    private AuditLog New() =>
        new(
            database.Stores,
            database.Database,
            TimeProvider.System,
            new AuditLines(LoggerFactory.Create(logging => logging.AddProvider(Lines)))
        );

    private Task<int> CountAsync(List<AuditRow> rows)
    {
        var ids = rows.ConvertAll(row => row.Id);
        return database.Stores.ReadAsync(store => store.Audit.CountAsync(row => ids.Contains(row.Id), Cancellation));
    }
}
