using Shouldly;
using VClusterManager.Contracts;
using VClusterManager.Server.Clusters;
using VClusterManager.Server.Clusters.Orphans;
using VClusterManager.Server.Kubernetes;
using VClusterManager.Server.Tests.Clusters.Lifecycle;
using Xunit;

namespace VClusterManager.Server.Tests.Clusters.Orphans;

/// <summary>What is an orphan, and above all what is none.</summary>
public sealed class OrphanRulesTests
{
    private static readonly Guid Id = Observed.Id;
    private static readonly Guid Other = Guid.Parse("01930000-0000-7000-8000-000000000009");
    private static readonly NamespacedName Key = Observed.Key;
    private static readonly DateTimeOffset Made = TestManager.Now;
    private static readonly DateTimeOffset Deleted = TestManager.Now.AddHours(2);

    [Fact]
    public void A_cluster_that_is_known_is_none_with_all_that_belongs_to_it()
    {
        var host = Host([Workload()], [], [Home()], [Belonging()]);

        Find(host, Live()).ShouldBeEmpty();
    }

    [Fact]
    public void A_cluster_on_its_way_with_a_release_and_no_workload_yet_is_none() =>
        Find(Host([], [Release()], [Home()], [Belonging()]), Live()).ShouldBeEmpty();

    [Fact]
    public void A_workload_of_another_instance_is_none_and_neither_is_what_is_beside_it()
    {
        var home = Home(instance: "other");

        Find(Host([Workload("other")], [], [home], [Belonging(), Belonging("vcluster-demo", "gone")]), None)
            .ShouldBeEmpty();
    }

    [Fact]
    public void What_carries_no_mark_is_somebodys()
    {
        var home = new ObservedNamespace("vcluster-demo", "u", false, Empty, Empty, []);

        Find(Host([Workload(null)], [], [home], []), None).ShouldBeEmpty();
        Find(Host([], [], [home], [Belonging()]), None).ShouldBeEmpty();
    }

    [Fact]
    public void A_workload_whose_cluster_nobody_knows_is_one_and_what_belongs_to_it_goes_with_it()
    {
        var found = Find(Host([Workload()], [], [Home()], [Belonging()]), None).ShouldHaveSingleItem();

        found.Kind.ShouldBe(OrphanKind.Workload);
        found.ClusterId.ShouldBe(Id);
        found.Reason.ShouldBe($"The database knows no cluster {Id}.");
    }

    [Theory]
    [InlineData(-1, "was deleted at 2026-03-01 14:00:00Z.")]
    [InlineData(1, "was deleted at 2026-03-01 14:00:00Z, and this came after it.")]
    public void A_workload_of_a_deleted_cluster_says_whether_it_came_before_or_after(int hours, string why)
    {
        var workload = Workload(created: Deleted.AddHours(hours));

        var found = Find(Host([workload], [], [], []), Remembered()).ShouldHaveSingleItem();

        found.Row!.DeletedAt.ShouldBe(Deleted);
        found.Reason.ShouldEndWith(why);
    }

    [Fact]
    public void A_copy_of_a_cluster_that_is_somewhere_else_is_one()
    {
        var elsewhere = new KnownClusters([new KnownCluster(Id, new NamespacedName("home", "demo"))], []);

        Find(Host([Workload()], [], [], []), elsewhere)
            .ShouldHaveSingleItem()
            .Reason.ShouldBe("Its marks are those of the cluster home/demo, which is somewhere else.");
    }

    [Fact]
    public void Another_clusters_workload_in_the_place_of_one_that_is_known_is_one()
    {
        var known = new KnownClusters([new KnownCluster(Other, Key)], []);

        Find(Host([Workload()], [], [Home()], []), known).ShouldHaveSingleItem().Kind.ShouldBe(OrphanKind.Workload);
    }

    [Fact]
    public void A_release_without_a_workload_is_one_and_hides_what_helm_will_take_with_it()
    {
        var found = Find(Host([], [Release()], [Home()], [Belonging()]), Remembered()).ShouldHaveSingleItem();

        found.Kind.ShouldBe(OrphanKind.Release);
        found.Show().Name.ShouldBe("demo");
        found.Reason.ShouldStartWith("There is no workload of this release.");
    }

    [Fact]
    public void A_namespace_of_ours_with_nobody_in_it_is_one_and_so_is_what_lies_in_it()
    {
        var found = Find(Host([], [], [Home()], [Belonging()]), None);

        found.Select(o => o.Kind).ShouldBe([OrphanKind.Namespace, OrphanKind.Volume]);
        found[0].Cluster.ShouldBe(Key, "what lies in it tells");
    }

    [Fact]
    public void A_namespace_of_ours_in_which_somebody_has_put_a_cluster_is_none()
    {
        var foreign = Workload(null, new NamespacedName("vcluster-demo", "theirs"));

        Find(Host([foreign], [], [Home()], []), None).ShouldBeEmpty();
    }

    [Fact]
    public void Volumes_that_were_kept_say_so()
    {
        var home = Home() with
        {
            Annotations = new Dictionary<string, string> { [ClusterStamps.IdAnnotation] = Id.ToString() },
        };
        var found = Find(Host([], [], [home], [Belonging()]), Remembered(keepVolumes: true));

        found.Select(o => o.Kind).ShouldBe([OrphanKind.Namespace, OrphanKind.Volume]);
        found.Select(o => o.Reason).ShouldAllBe(why => why.Contains("kept"));
    }

    [Theory]
    [InlineData(1, "api", true)]
    [InlineData(-1, "api", false)]
    [InlineData(-1, "adopted", true)]
    [InlineData(3, "api", false)]
    [InlineData(3, "adopted", false)]
    public void In_a_namespace_of_others_it_must_have_been_made_while_our_cluster_was_there(
        int hours,
        string source,
        bool isOne
    )
    {
        var home = new ObservedNamespace("vcluster-demo", "u", false, Empty, Empty, []);
        var belonging = Belonging() with { CreatedAt = Made.AddHours(hours) };

        Find(Host([], [], [home], [belonging]), Remembered(source: source)).Length.ShouldBe(isOne ? 1 : 0);
    }

    [Fact]
    public void A_volume_of_the_second_in_which_its_cluster_was_made_is_the_clusters()
    {
        var belonging = Belonging() with { CreatedAt = Made };
        var row = Remembered(keepVolumes: true).Deleted[0] with { CreatedAt = Made.AddMilliseconds(700) };

        Find(Host([], [], [Home()], [belonging]), new KnownClusters([], [row]))
            .Single(o => o.Kind == OrphanKind.Volume)
            .Reason.ShouldStartWith("It was kept when its cluster was deleted");
    }

    [Fact]
    public void An_id_stays_the_same_and_is_another_for_another_object()
    {
        var one = Find(Host([Workload()], [], [], []), None)[0].Id;

        Find(Host([Workload()], [], [], []), Remembered())[0].Id.ShouldBe(one);
        var again = Workload() with { Workload = Workload().Workload! with { Uid = "later" } };
        Find(Host([again], [], [], []), None)[0].Id.ShouldNotBe(one);
    }

    [Theory]
    [InlineData("14:00:00.9", "14:00:00", true)]
    [InlineData("14:00:00.0", "14:00:00", true)]
    [InlineData("14:00:01.1", "14:00:00", false)]
    public void The_hosts_whole_seconds_are_not_held_against_a_stray(string asked, string created, bool isYounger) =>
        HostTimes.IsSince(At(created), At(asked)).ShouldBe(isYounger);

    private static DateTimeOffset At(string time) =>
        new(DateTime.Parse($"2026-03-01T{time}", System.Globalization.CultureInfo.InvariantCulture), TimeSpan.Zero);

    private static readonly Dictionary<string, string> Empty = [];

    private static KnownClusters None { get; } = new([], []);

    private static KnownClusters Live() => new([new KnownCluster(Id, Key)], []);

    private static KnownClusters Remembered(bool keepVolumes = false, string source = "api") =>
        new([], [new DeletedCluster(Id, Key, Made, Deleted, keepVolumes, source, Owner: null)]);

    private static FoundOrphan[] Find(HostPicture host, KnownClusters known) =>
        new OrphanRules("default", host, known).Find();

    private static HostPicture Host(
        ObservedCluster[] workloads,
        OwnRelease[] releases,
        ObservedNamespace[] namespaces,
        HostBelonging[] belongings
    ) => new(workloads, releases, namespaces, belongings);

    private static ObservedCluster Workload(
        string? instance = "default",
        NamespacedName? key = null,
        DateTimeOffset? created = null
    ) =>
        new()
        {
            Key = key ?? Key,
            Workload = Observed.Workload with
            {
                Labels = instance is null ? Empty : ClusterStamps.Labels(instance),
                CreatedAt = created ?? Made,
            },
        };

    private static OwnRelease Release() =>
        new(Key, new ObservedRelease("sh.helm.release.v1.demo.v1", 1, "deployed", Made) { Uid = "r" }, Id);

    private static ObservedNamespace Home(string instance = "default") =>
        new("vcluster-demo", "n", false, ClusterStamps.Labels(instance), Empty, []);

    private static HostBelonging Belonging(string ns = "vcluster-demo", string name = "demo") =>
        new(
            new HostTrace("PersistentVolumeClaim", ns, $"data-{name}-0", $"pvc-{name}", Deleting: false, []),
            new NamespacedName(ns, name),
            Made,
            Empty
        );
}
