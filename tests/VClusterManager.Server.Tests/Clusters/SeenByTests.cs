using Microsoft.EntityFrameworkCore;
using Shouldly;
using VClusterManager.Server.Clusters;
using VClusterManager.Server.Identity;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Tests.TestHost;
using Xunit;

namespace VClusterManager.Server.Tests.Clusters;

/// <summary>The database gives the same answer as the principal does, row for row.</summary>
public abstract class SeenByTests(TestDatabase database)
{
    private static readonly string Mark = Rows.UniqueName();

    public static TheoryData<string?, bool, string> Callers =>
        new()
        {
            { null, false, "anna" },
            { null, true, "anna" },
            { $"{Mark}-a*", false, "anna" },
            { $"*-{Mark}", false, "anna" },
            { $"{Mark}-a1 {Mark}-b*", true, "anna" },
            { $"{Mark}-a1", true, "berta" },
            { "", false, "anna" },
        };

    [Theory]
    [MemberData(nameof(Callers))]
    public async Task What_is_asked_of_the_database_is_what_may_be_seen(string? patterns, bool own, string name)
    {
        var who = new Principal(name, Role.Editor, "api_key", null)
        {
            Limits = new Limits
            {
                Namespaces = patterns?.Split(' ', StringSplitOptions.RemoveEmptyEntries),
                OwnClusters = own,
            },
        };
        var prefix = $"{Mark}-{Rows.UniqueName()}";
        ClusterRow[] rows =
        [
            .. new[] { $"{Mark}-a1", $"{Mark}-a12", $"{Mark}-b", $"x-{Mark}", $"{Mark}a" }.SelectMany(ns =>
                new string?[] { "api_key/anna", "api_key/berta", null }.Select(owner => Deleted(prefix, ns, owner))
            ),
        ];
        OperationRow[] operations = [.. rows.Select(row => Rows.Operation(row))];
        await database.Stores.TransactAsync(
            store =>
            {
                store.AddRange([.. rows, .. operations]);
                return Task.CompletedTask;
            },
            CancellationToken.None
        );

        var seen = await database.Stores.ReadAsync(store =>
            SeenBy
                .Of(store.Clusters.AsNoTracking(), who)
                .Where(row => row.Name.StartsWith(prefix))
                .Select(row => row.Id)
                .ToListAsync()
        );
        var expected = rows.Where(row => who.MaySee(row.Namespace, row.Owner)).Select(row => row.Id).ToList();
        seen.ShouldBe(expected, ignoreOrder: true);
        var told = await database.Stores.ReadAsync(store =>
            SeenBy
                .Operations(store, who)
                .Where(operation => operation.ClusterName.StartsWith(prefix))
                .Select(operation => operation.ClusterId)
                .ToListAsync()
        );
        told.ShouldBe(expected, ignoreOrder: true);
    }

    /// <summary>Of those that are gone, any number may have been in one namespace.</summary>
    private static ClusterRow Deleted(string prefix, string ns, string? owner)
    {
        var row = Rows.Cluster($"{prefix}-{Rows.UniqueName()}", ns, owner: owner);
        row.DeletedAt = Rows.Noon;
        return row;
    }
}

public sealed class SqliteSeenByTests(SqliteDatabase database) : SeenByTests(database), IClassFixture<SqliteDatabase>;

public sealed class PostgresSeenByTests(PostgresDatabase database)
    : SeenByTests(database),
        IClassFixture<PostgresDatabase>;
