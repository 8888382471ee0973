using Microsoft.EntityFrameworkCore;
using Shouldly;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Tests.TestHost;
using Xunit;

namespace VClusterManager.Server.Tests.Storage;

public sealed class SqliteStoreTests(SqliteDatabase database) : StoreTests(database), IClassFixture<SqliteDatabase>;

public sealed class PostgresStoreTests(PostgresDatabase database)
    : StoreTests(database),
        IClassFixture<PostgresDatabase>;

public abstract class StoreTests(TestDatabase database) : StoreFixture(database)
{
    [Fact]
    public async Task A_cluster_comes_back_as_it_was_saved()
    {
        var saved = Rows.Cluster();
        saved.Labels = new() { ["team"] = "a/b \"quoted\" <ü>", ["empty"] = "" };
        saved.ExpiresAt = new DateTimeOffset(2030, 1, 2, 3, 4, 5, 678, TimeSpan.FromHours(2)).AddTicks(9);
        saved.Phase = ClusterPhase.Provisioning;
        saved.Desired = DesiredState.Sleeping;
        await AddAsync(saved);

        var read = await ReadAsync(saved.Id);

        read.Labels.ShouldBe(saved.Labels);
        read.ExpiresAt.ShouldBe(saved.ExpiresAt);
        read.ExpiresAt!.Value.Offset.ShouldBe(TimeSpan.Zero);
        read.Phase.ShouldBe(ClusterPhase.Provisioning);
        read.Desired.ShouldBe(DesiredState.Sleeping);
        read.DeletedAt.ShouldBeNull();
        read.RowVersion.ShouldBe(1);
    }

    [Fact]
    public async Task Labels_changed_in_place_are_saved()
    {
        var row = Rows.Cluster();
        row.Labels["team"] = "red";
        await AddAsync(row);

        await ChangeAsync(row.Id, cluster => cluster.Labels["team"] = "blue");

        (await ReadAsync(row.Id)).Labels["team"].ShouldBe("blue");
    }

    [Fact]
    public async Task Steps_changed_in_place_are_saved()
    {
        var cluster = Rows.Cluster();
        var operation = Rows.Operation(cluster);
        operation.Steps =
        [
            new()
            {
                Name = "install",
                State = OperationState.Running,
                StartedAt = Rows.Noon,
            },
        ];
        await AddAsync(cluster, operation);

        await Database.Stores.TransactAsync(
            async store =>
            {
                var row = await store.Operations.SingleAsync(o => o.Id == operation.Id);
                row.Steps[0].State = OperationState.Succeeded;
                row.Steps[0].FinishedAt = Rows.Noon.AddMinutes(1);
                row.Steps.Add(new() { Name = "wait" });
            },
            CancellationToken.None
        );

        await using var store = Database.Stores.Open();
        var steps = (await store.Operations.SingleAsync(o => o.Id == operation.Id)).Steps;
        steps.Count.ShouldBe(2);
        steps[0].State.ShouldBe(OperationState.Succeeded);
        steps[0].StartedAt.ShouldBe(Rows.Noon);
        steps[0].FinishedAt.ShouldBe(Rows.Noon.AddMinutes(1));
        steps[1].State.ShouldBe(OperationState.Queued);
    }

    [Fact]
    public async Task Enums_and_json_can_be_read_by_people()
    {
        var row = Rows.Cluster();
        row.Labels["team"] = "ü";
        await AddAsync(row);

        await using var store = Database.Stores.Open();
        var phases = store.Database.SqlQuery<string>($"SELECT phase AS value FROM clusters WHERE id = {row.Id}");
        var labels = store.Database.SqlQuery<string>($"SELECT labels AS value FROM clusters WHERE id = {row.Id}");
        (await phases.ToListAsync()).ShouldBe(["pending"]);
        (await labels.ToListAsync()).ShouldBe(["{\"team\":\"ü\"}"]);
    }

    [Fact]
    public async Task Times_compare_and_sort_whatever_their_offset()
    {
        var prefix = Rows.UniqueName();
        var early = Rows.Cluster(
            $"{prefix}-early",
            createdAt: new DateTimeOffset(2030, 1, 1, 23, 0, 0, TimeSpan.FromHours(14))
        );
        var middle = Rows.Cluster(
            $"{prefix}-middle",
            createdAt: new DateTimeOffset(2030, 1, 1, 10, 0, 0, TimeSpan.Zero)
        );
        var late = Rows.Cluster(
            $"{prefix}-late",
            createdAt: new DateTimeOffset(2030, 1, 1, 1, 0, 0, TimeSpan.FromHours(-12))
        );
        await AddAsync(late, early, middle);

        await using var store = Database.Stores.Open();
        var from = new DateTimeOffset(2030, 1, 1, 9, 30, 0, TimeSpan.Zero);
        var ours = store.Clusters.Where(c => c.Name.StartsWith(prefix));
        (await ours.OrderBy(c => c.CreatedAt).Select(c => c.Id).ToListAsync()).ShouldBe([early.Id, middle.Id, late.Id]);
        (await ours.Where(c => c.CreatedAt >= from).CountAsync()).ShouldBe(2);
    }

    [Fact]
    public async Task A_keyset_pages_through_rows_of_the_same_time()
    {
        var prefix = Rows.UniqueName();
        var rows = Enumerable.Range(0, 7).Select(i => Rows.Cluster($"{prefix}-{i}")).ToArray();
        await AddAsync(rows);

        List<Guid> seen = [];
        await using var store = Database.Stores.Open();
        for (
            var page = await PageAsync(store, prefix, null);
            page.Count > 0;
            page = await PageAsync(store, prefix, page[^1])
        )
        {
            seen.AddRange(page.Select(row => row.Id));
        }

        seen.Count.ShouldBe(7);
        seen.ShouldBe(rows.Select(row => row.Id), ignoreOrder: true);
    }

    private protected static Task<List<ClusterRow>> PageAsync(Store store, string prefix, ClusterRow? after)
    {
        var rows = store.Clusters.Where(c => c.Name.StartsWith(prefix));
        if (after is not null)
        {
            rows = rows.Where(c =>
                c.CreatedAt > after.CreatedAt || (c.CreatedAt == after.CreatedAt && c.Id.CompareTo(after.Id) > 0)
            );
        }

        return rows.OrderBy(c => c.CreatedAt).ThenBy(c => c.Id).Take(3).ToListAsync();
    }
}
