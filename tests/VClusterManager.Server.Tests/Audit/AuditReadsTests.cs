using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using VClusterManager.Contracts;
using VClusterManager.Server.Audit;
using VClusterManager.Server.Http.Requests;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Tests.TestHost;
using Xunit;
using AuditResult = VClusterManager.Server.Storage.AuditResult;

namespace VClusterManager.Server.Tests.Audit;

public sealed class SqliteAuditReadsTests(SqliteDatabase database)
    : AuditReadsTests(database),
        IClassFixture<SqliteDatabase>;

public sealed class PostgresAuditReadsTests(PostgresDatabase database)
    : AuditReadsTests(database),
        IClassFixture<PostgresDatabase>;

public abstract class AuditReadsTests(TestDatabase database)
{
    private static readonly AuditFilter s_all = new(null, null, null, null, null, null, null);

    /// <summary>Tells the tests of a class apart.</summary>
    private readonly string _principal = Rows.UniqueName();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pages_are_newest_first_and_miss_nothing_also_where_times_are_equal()
    {
        await AddAsync(Enumerable.Range(0, 25).Select(i => Row(at: Rows.Noon.AddSeconds(i / 5))));

        List<AuditEntry> seen = [];
        PageRequest page = new(7, After: null);
        while (true)
        {
            var list = await ListAsync(s_all with { Principal = _principal }, page);
            list.Total.ShouldBe(25);
            seen.AddRange(list.Entries);
            if (list.NextCursor is null)
            {
                break;
            }
            page = page with { After = Cursor.Decode(list.NextCursor) };
        }

        seen.Select(entry => entry.Id).Distinct().Count().ShouldBe(25);
        seen.Select(entry => entry.At).ShouldBe(seen.Select(entry => entry.At).OrderDescending());
    }

    [Fact]
    public async Task Filters_narrow_and_are_joined_by_and()
    {
        await AddAsync([
            Row("cluster.create", "a", "demo", Rows.Noon),
            Row("cluster.delete", "a", "demo", Rows.Noon.AddHours(1), AuditResult.Refused),
            Row("cluster.create", "b", "demo", Rows.Noon.AddHours(2), AuditResult.Failed),
            Row("orphan.delete", null, "demo", Rows.Noon.AddHours(3)),
            Row("cluster.create", "b", "other", Rows.Noon.AddHours(4)),
        ]);
        var mine = s_all with { Principal = _principal };

        (await CountAsync(mine)).ShouldBe(5);
        (await CountAsync(mine with { Action = "cluster.create" })).ShouldBe(3);
        (await CountAsync(mine with { Namespace = "a" })).ShouldBe(2);
        (await CountAsync(mine with { Cluster = "demo" })).ShouldBe(3);
        (await CountAsync(mine with { Cluster = "demo", Namespace = "b" })).ShouldBe(1);
        (await CountAsync(mine with { Result = AuditResult.Refused })).ShouldBe(1);
        (await CountAsync(mine with { Since = Rows.Noon.AddHours(1) })).ShouldBe(4);
        (await CountAsync(mine with { Until = Rows.Noon.AddHours(1) })).ShouldBe(1);
        (await CountAsync(mine with { Since = Rows.Noon.AddHours(1), Until = Rows.Noon.AddHours(3) })).ShouldBe(2);
        (await CountAsync(s_all with { Principal = _principal + "x" })).ShouldBe(0);
    }

    [Fact]
    public async Task What_no_database_can_hold_matches_nothing()
    {
        (await CountAsync(s_all with { Action = "\0" })).ShouldBe(0);
        (await CountAsync(s_all with { Cluster = "\uD800" })).ShouldBe(0);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("x", "01930000-0000-7000-8000-000000000009")]
    [InlineData("99999999999999999999", "01930000-0000-7000-8000-000000000009")]
    [InlineData("1", "x")]
    public async Task A_cursor_of_another_list_is_refused(params string[] cursor)
    {
        await using var bench = Bench();

        var listed = await bench.Reads.ListAsync(s_all, new PageRequest(5, cursor), Cancellation);

        listed.Problem.ShouldBe(PageRequest.BadCursor);
    }

    [Fact]
    public async Task A_change_whose_server_ended_before_it_answered_is_shown_as_accepted_without_a_status()
    {
        await AddAsync([Row(at: Rows.Noon) with { Status = null }]);

        var entry = (await ListAsync(s_all with { Principal = _principal }, new PageRequest(5, null))).Entries.Single();

        (entry.Result, entry.Status, entry.Title).ShouldBe((Contracts.AuditResult.Accepted, null, null));
    }

    private AuditRow Row(
        string action = "cluster.create",
        string? ns = null,
        string? target = null,
        DateTimeOffset at = default,
        AuditResult result = AuditResult.Accepted
    ) =>
        Rows.Audit(at) with
        {
            Principal = _principal,
            Action = action,
            Namespace = ns,
            Target = target,
            Result = result,
        };

    private Task AddAsync(IEnumerable<AuditRow> rows) =>
        database.Stores.TransactAsync(
            store =>
            {
                store.AddRange(rows);
                return Task.CompletedTask;
            },
            Cancellation
        );

    private async Task<int> CountAsync(AuditFilter filter) =>
        (await ListAsync(filter, new PageRequest(50, null))).Total;

    private async Task<AuditList> ListAsync(AuditFilter filter, PageRequest page)
    {
        await using var bench = Bench();
        return (await bench.Reads.ListAsync(filter, page, Cancellation)).Value;
    }

    private ReadsBench Bench()
    {
        AuditLog log = new(
            database.Stores,
            database.Database,
            TimeProvider.System,
            new AuditLines(NullLoggerFactory.Instance)
        );
        log.StartAsync(Cancellation).IsCompletedSuccessfully.ShouldBeTrue();
        return new ReadsBench(log, new AuditReads(database.Stores, log));
    }

    private sealed record ReadsBench(AuditLog Log, AuditReads Reads) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Log.StoppedAsync(CancellationToken.None);
            Log.Dispose();
        }
    }
}
