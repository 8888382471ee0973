using Shouldly;
using VClusterManager.Server.Clusters;
using VClusterManager.Server.Clusters.Instances;
using VClusterManager.Server.Kubernetes;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Tests.Clusters.Lifecycle;
using Xunit;

namespace VClusterManager.Server.Tests.Clusters.Instances;

/// <summary>A row that is stamped on a host and read from it again is the same.</summary>
public sealed class RebuiltRowTests
{
    private static readonly DateTimeOffset Now = TestManager.Now.AddDays(3);

    [Fact]
    public void All_that_the_marks_tell_is_as_it_was()
    {
        var row = TestManager.Row("""{"sync":{"toHost":{}}}""");
        row.Protected = true;
        row.Generation = 4;

        var rebuilt = Rebuild(Marks(row));

        rebuilt.ShouldSatisfyAllConditions(
            () => rebuilt.Id.ShouldBe(row.Id),
            () => rebuilt.CreatedBy.ShouldBe(row.CreatedBy),
            () => rebuilt.Source.ShouldBe(row.Source),
            () => rebuilt.CreatedAt.ShouldBe(row.CreatedAt),
            () => rebuilt.ExpiresAt.ShouldBe(row.ExpiresAt),
            () => rebuilt.TtlHours.ShouldBe(row.TtlHours),
            () => rebuilt.Protected.ShouldBeTrue(),
            () => rebuilt.Labels.ShouldBe(row.Labels),
            () => (rebuilt.Generation, rebuilt.ObservedGeneration).ShouldBe((4, 4)),
            () => (rebuilt.KubernetesVersion, rebuilt.KubernetesImageTag).ShouldBe(("1.35", "v1.35.0")),
            () => rebuilt.Phase.ShouldBe(ClusterPhase.Running),
            () => rebuilt.UpdatedAt.ShouldBe(Now)
        );
    }

    [Fact]
    public void What_never_ends_does_not_begin_to()
    {
        var row = TestManager.Row();
        row.ExpiresAt = null;

        var rebuilt = Rebuild(Marks(row));

        (rebuilt.ExpiresAt, rebuilt.TtlHours).ShouldBe((null, null));
    }

    [Fact]
    public void Marks_that_are_missing_or_broken_cost_only_what_they_say()
    {
        var rebuilt = Rebuild(
            new()
            {
                [ClusterStamps.IdAnnotation] = Observed.Id.ToString(),
                [ClusterStamps.LabelsAnnotation] = "{",
                [ClusterStamps.ExpiresAnnotation] = "soon",
                [ClusterStamps.GenerationAnnotation] = "-1",
            }
        );

        rebuilt.ShouldSatisfyAllConditions(
            () => rebuilt.Id.ShouldBe(Observed.Id),
            () => rebuilt.Labels.ShouldBeEmpty(),
            () => rebuilt.ExpiresAt.ShouldBeNull(),
            () => rebuilt.Generation.ShouldBe(1),
            () => rebuilt.CreatedBy.ShouldBe("unknown"),
            () => rebuilt.CreatedAt.ShouldBe(TestManager.Now)
        );
    }

    [Fact]
    public void One_that_sleeps_sleeps_on() =>
        Rebuild(Marks(TestManager.Row()), paused: true)
            .ShouldSatisfyAllConditions(
                row => row.Phase.ShouldBe(ClusterPhase.Sleeping),
                row => row.Desired.ShouldBe(DesiredState.Sleeping)
            );

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void It_has_been_let_into_any_namespace_that_was_not_made_for_it(bool isHome, bool mayUseForeign)
    {
        var row = TestManager.Row();
        var marks = isHome ? Marks(row) : [];
        var home = new ObservedNamespace("vcluster-demo", "u", false, new Dictionary<string, string>(), marks, []);

        Rebuild(Marks(row), home: home).MayUseForeignNamespace.ShouldBe(mayUseForeign);
    }

    private static ClusterRow Rebuild(
        Dictionary<string, string> marks,
        bool paused = false,
        ObservedNamespace? home = null
    ) =>
        RebuiltRow.Of(
            Observed.Ready with
            {
                Namespace = home,
                Workload = Observed.Workload with { Annotations = marks, Paused = paused, CreatedAt = TestManager.Now },
            },
            [],
            Now
        );

    /// <summary>As they are on a workload: from the values, and merged in later.</summary>
    private static Dictionary<string, string> Marks(ClusterRow row)
    {
        var marks = ClusterStamps.Identity(row);
        foreach (var (name, value) in ClusterStamps.Changeable(row).Where(mark => mark.Value is not null))
        {
            marks[name] = value!;
        }
        return marks;
    }
}
