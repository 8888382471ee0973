using CsCheck;
using Shouldly;
using VClusterManager.Contracts;
using VClusterManager.Server.Clusters;
using VClusterManager.Server.Http;
using VClusterManager.Server.Http.Requests;
using VClusterManager.Server.Kubernetes;
using Xunit;

namespace VClusterManager.Server.Tests.Clusters;

public sealed class ClusterPageTests
{
    [Theory]
    [InlineData(null, "-created")]
    [InlineData("", "-created")]
    [InlineData("name", "name")]
    [InlineData("-expires_at", "-expires_at")]
    public void An_order_is_read_and_written(string? text, string written)
    {
        ClusterSort.TryParse(text, out var sort).ShouldBeTrue();
        sort!.ToString().ShouldBe(written);
    }

    [Theory]
    [InlineData("-")]
    [InlineData("--name")]
    [InlineData("Name")]
    [InlineData("id")]
    [InlineData(" name")]
    public void What_is_no_order_is_refused(string text) => ClusterSort.TryParse(text, out _).ShouldBeFalse();

    [Fact]
    public void What_never_ends_comes_last()
    {
        var entries = new[] { Entry("a", null), Entry("b", 5), Entry("c", 3) };

        Names(Page(entries, "expires_at", 10)).ShouldBe(["c", "b", "a"]);
        Names(Page(entries, "-expires_at", 10)).ShouldBe(["a", "b", "c"]);
    }

    [Fact]
    public void The_last_page_has_no_cursor_even_when_it_is_full()
    {
        var page = Page([Entry("a", 1), Entry("b", 2)], "name", 2);

        page.NextCursor.ShouldBeNull();
        page.Total.ShouldBe(2);
        Page([], "name", 2).NextCursor.ShouldBeNull();
    }

    [Fact]
    public void A_cursor_of_another_order_or_another_list_is_refused()
    {
        ClusterSort.TryParse("name", out var sort).ShouldBeTrue();
        string[][] cursors =
        [
            ["-name", "a", "id"],
            ["name", "a"],
            ["name", "a", "id", "x"],
        ];

        foreach (var cursor in cursors)
        {
            ClusterPage
                .Of([Entry("a", 1)], sort!, new PageRequest(1, cursor))
                .Problem.ShouldNotBeNull()
                .Kind.ShouldBe(ProblemKind.Invalid);
        }
    }

    /// <summary>Whatever comes and goes between the pages: what was there all the time is shown exactly once.</summary>
    [Fact]
    public void What_stays_is_on_exactly_one_page()
    {
        var step = Gen.Select(Gen.Int[0, 15], Gen.Bool, (name, comes) => (Name: $"c{name}", Comes: comes));
        var changes = step.Array[0, 4].Array[0, 20];
        var sorts = Gen.OneOf("name", "-name", "status", "expires_at", "-created", "namespace");

        Gen.Select(changes, sorts, Gen.Int[1, 4])
            .Sample(
                (pages, sort, limit) =>
                {
                    var there = Enumerable.Range(0, 12).Select(i => $"c{i}").ToHashSet();
                    var always = there.ToHashSet();
                    List<string> shown = [];
                    string? cursor = null;
                    for (var turn = 0; turn == 0 || cursor is not null; turn++)
                    {
                        var page = Page([.. there.Select(name => Entry(name, name.Length))], sort, limit, cursor);
                        shown.AddRange(Names(page));
                        cursor = page.NextCursor;
                        foreach (var (name, comes) in turn < pages.Length ? pages[turn] : [])
                        {
                            _ = comes ? there.Add(name) : there.Remove(name) && always.Remove(name);
                        }
                    }

                    shown.Distinct().Count().ShouldBe(shown.Count);
                    always.ShouldBeSubsetOf(shown);
                },
                iter: 500
            );
    }

    private static ClusterList Page(IReadOnlyList<ClusterEntry> entries, string sort, int limit, string? cursor = null)
    {
        ClusterSort.TryParse(sort, out var parsed).ShouldBeTrue();
        var after = cursor is null ? null : Cursor.Decode(cursor).ShouldNotBeNull();
        return ClusterPage.Of(entries, parsed!, new PageRequest(limit, after)).Value;
    }

    private static string[] Names(ClusterList page) => [.. page.Clusters.Select(c => c.Name)];

    /// <summary>All made at the same moment and in the same status, so that only the id tells them apart.</summary>
    private static ClusterEntry Entry(string name, int? hours)
    {
        var row = TestManager.Row();
        var shown = ClusterProjection.Of(
            new ClusterSnapshot(row, null),
            new ObservedCluster { Key = new NamespacedName("n", name) },
            new HostFreshness(Synced: true, Stale: false, TimeSpan.Zero, null),
            null
        ) with
        {
            Name = name,
        };
        return new ClusterEntry(
            "id-" + name,
            new NamespacedName("n", name),
            Managed: true,
            ClusterStatus.Running,
            "anna",
            "api",
            row.Labels,
            TestManager.Now,
            TestManager.Now,
            hours is { } h ? TestManager.Now.AddHours(h) : null,
            () => shown
        );
    }
}
