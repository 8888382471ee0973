using Microsoft.EntityFrameworkCore;
using Shouldly;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Tests.TestHost;
using Xunit;

namespace VClusterManager.Server.Tests.Storage;

public sealed class SqliteRetentionTests(SqliteDatabase database)
    : RetentionTests(database),
        IClassFixture<SqliteDatabase>;

public sealed class PostgresRetentionTests(PostgresDatabase database)
    : RetentionTests(database),
        IClassFixture<PostgresDatabase>;

public abstract class RetentionTests(TestDatabase database)
{
    private static readonly DateTimeOffset Old = Rows.Noon - Retention.History;
    private static readonly DateTimeOffset Young = Old.AddTicks(1);
    private static readonly TimeSpan Days = TimeSpan.FromDays(3);

    [Fact]
    public async Task What_is_old_goes_and_what_is_young_or_in_use_stays()
    {
        var gone = Deleted(Old);
        var remembered = Deleted(Young);
        var living = Rows.Cluster();
        var oldRun = Finished(living, Old);
        var youngRun = Finished(living, Young);
        var shownRun = Finished(living, Old);
        var goneRun = Finished(gone, Young);
        living.CurrentOperationId = shownRun.Id;
        await AddAsync(
            gone,
            remembered,
            living,
            oldRun,
            youngRun,
            shownRun,
            goneRun,
            Line(oldRun),
            Line(youngRun),
            Line(goneRun),
            Happened(living, Old),
            Happened(living, Young),
            Answer("old", Rows.Noon),
            Answer("young", Rows.Noon.AddTicks(1)),
            Item(gone.Id, "resting"),
            Item(gone.Id, "claimed", claimedBy: "one"),
            Item(gone.Id, "due", due: Rows.Noon),
            Item(living.Id, "resting"),
            Asked("old", Rows.Noon - Days),
            Asked("young", Rows.Noon - Days + TimeSpan.FromTicks(1))
        );

        await new Retention(database.Stores, Days, Days).PurgeAsync(Rows.Noon, CancellationToken.None);

        await using var store = database.Stores.Open();
        (await store.Clusters.Select(row => row.Id).ToListAsync()).ShouldBe(
            [remembered.Id, living.Id],
            ignoreOrder: true
        );
        (await store.Operations.Select(row => row.Id).ToListAsync()).ShouldBe(
            [youngRun.Id, shownRun.Id],
            ignoreOrder: true
        );
        (await store.OperationLog.Select(row => row.OperationId).ToListAsync()).ShouldBe([youngRun.Id]);
        (await store.ClusterEvents.Select(row => row.At).ToListAsync()).ShouldBe([Young]);
        (await store.IdempotencyKeys.Select(row => row.Key).ToListAsync()).ShouldBe(["young"]);
        (await store.Audit.Select(row => row.Action).ToListAsync()).ShouldBe(["young"]);
        var items = await store.WorkItems.Select(row => row.Kind + row.Key).ToListAsync();
        items.ShouldBe([$"claimed{gone.Id}", $"due{gone.Id}", $"resting{living.Id}"], ignoreOrder: true);
    }

    private static ClusterRow Deleted(DateTimeOffset at)
    {
        var row = Rows.Cluster();
        row.DeletedAt = at;
        return row;
    }

    private static OperationRow Finished(ClusterRow cluster, DateTimeOffset at)
    {
        var row = Rows.Operation(cluster);
        row.FinishedAt = at;
        return row;
    }

    private static OperationLogRow Line(OperationRow operation) =>
        new()
        {
            OperationId = operation.Id,
            Sequence = 1,
            At = Rows.Noon,
            Stream = "stdout",
            Text = "line",
        };

    private static ClusterEventRow Happened(ClusterRow cluster, DateTimeOffset at) =>
        new()
        {
            Id = Guid.NewGuid(),
            ClusterId = cluster.Id,
            At = at,
            Reason = "Extended",
            Message = "",
            Actor = "tests",
        };

    private static IdempotencyRow Answer(string key, DateTimeOffset expires) =>
        new()
        {
            Principal = "tests",
            Key = key,
            RequestHash = "hash",
            StatusCode = 202,
            Location = null,
            Body = "{}",
            ExpiresAt = expires,
        };

    private static AuditRow Asked(string action, DateTimeOffset at) => Rows.Audit(at) with { Action = action };

    private static WorkItemRow Item(Guid cluster, string kind, string? claimedBy = null, DateTimeOffset? due = null) =>
        new()
        {
            Kind = kind,
            Key = cluster.ToString(),
            ClaimedBy = claimedBy,
            DueAt = due,
        };

    private Task AddAsync(params object[] rows) =>
        database.Stores.TransactAsync(
            store =>
            {
                store.AddRange(rows);
                return Task.CompletedTask;
            },
            CancellationToken.None
        );
}
