using Shouldly;
using VClusterManager.Server.Audit;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Tests.TestHost;
using Xunit;

namespace VClusterManager.Server.Tests.Audit;

public sealed class RefusalCountsTests
{
    private readonly RefusalCounts _counts = new();

    [Fact]
    public void The_first_is_told_and_stored_at_once_and_the_others_when_the_minute_is_over()
    {
        _counts.Add("a", Refusal()).ShouldNotBeNull();
        _counts.Take(Rows.Noon, all: false).ShouldHaveSingleItem().Count.ShouldBe(1);
        for (var i = 0; i < 999; i++)
        {
            _counts.Add("a", Refusal()).ShouldBeNull();
        }

        _counts.Take(Rows.Noon.AddSeconds(59), all: false).ShouldBeEmpty();
        _counts.Take(Rows.Noon.AddSeconds(60), all: false).ShouldHaveSingleItem().Count.ShouldBe(1000);
        _counts.IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void What_did_not_grow_is_not_stored_again()
    {
        _counts.Add("a", Refusal());
        _counts.Take(Rows.Noon, all: false).Count.ShouldBe(1);

        _counts.Take(Rows.Noon.AddMinutes(1), all: false).ShouldBeEmpty();
        _counts.IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void Callers_and_statuses_are_told_apart()
    {
        _counts.Add("a", Refusal());
        _counts.Add("b", Refusal());
        _counts.Add("a", Refusal() with { Status = 403 });
        _counts.Add("a", Refusal());

        _counts.Take(Rows.Noon, all: true).Select(row => row.Count).ShouldBe([2, 1, 1], ignoreOrder: true);
    }

    [Fact]
    public void What_several_have_in_common_stays()
    {
        _counts.Add("a", Refusal() with { Action = "cluster.delete", Namespace = "n", Target = "x" });
        _counts.Add("a", Refusal() with { Action = "cluster.delete", Namespace = "n", Target = "y" });
        var row = _counts.Take(Rows.Noon, all: false).Single();
        (row.Action, row.Namespace, row.Target).ShouldBe(("cluster.delete", null, null));

        _counts.Add("a", Refusal() with { Action = "cluster.read" });
        _counts.Take(Rows.Noon, all: true).Single().Action.ShouldBe(RefusalCounts.Several);
    }

    [Fact]
    public void A_flood_from_everywhere_is_a_few_rows_and_none_of_it_is_uncounted()
    {
        for (var i = 0; i < 100_000; i++)
        {
            _counts.Add($"{i}", Refusal());
        }

        var rows = _counts.Take(Rows.Noon, all: false);
        rows.Count.ShouldBe(RefusalCounts.MaxSources + 1);
        rows.Sum(row => row.Count).ShouldBe(100_000);
        rows.Single(row => row.Count > 1).Address.ShouldBeNull();
    }

    private static AuditRow Refusal() =>
        Rows.Audit(Rows.Noon) with
        {
            Principal = null,
            Source = null,
            Result = AuditResult.Refused,
            Status = 401,
        };
}
