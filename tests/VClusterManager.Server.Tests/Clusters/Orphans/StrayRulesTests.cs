using Shouldly;
using VClusterManager.Server.Clusters.Orphans;
using VClusterManager.Server.Tests.Clusters.Lifecycle;
using VClusterManager.Server.Tests.TestHost;
using Xunit;

namespace VClusterManager.Server.Tests.Clusters.Orphans;

/// <summary>What is taken away again without asking, after a delete that was asked for at noon and ended a minute later.</summary>
public sealed class StrayRulesTests
{
    [Theory]
    [InlineData(-2, false)]
    [InlineData(0, true)]
    [InlineData(30, true)]
    [InlineData(15 * 60, true)]
    [InlineData(17 * 60, false)]
    [InlineData(24 * 60 * 60, false)]
    public void Only_what_came_soon_after_the_delete_was_asked_for_is_of_a_run_that_was_late(
        int seconds,
        bool isLate
    ) => IsLate(seconds).ShouldBe(isLate);

    [Fact]
    public void Runs_that_may_take_long_may_be_late_by_more() =>
        IsLate(30 * 60, runLimit: TimeSpan.FromMinutes(20)).ShouldBeTrue();

    [Fact]
    public void What_a_backup_has_brought_back_is_left_to_people() =>
        IsLate(30, "velero.io/restore-name").ShouldBeFalse();

    private static bool IsLate(int seconds, string label = "app", TimeSpan? runLimit = null) =>
        StrayRules.IsOfLateRun(
            Observed.Workload with
            {
                CreatedAt = Rows.Noon.AddSeconds(seconds),
                Labels = new Dictionary<string, string> { [label] = "x" },
            },
            Rows.Noon,
            Rows.Noon.AddMinutes(1),
            runLimit ?? TimeSpan.FromMinutes(5)
        );
}
