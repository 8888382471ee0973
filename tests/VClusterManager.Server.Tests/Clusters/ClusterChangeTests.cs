using Shouldly;
using VClusterManager.Server.Clusters;
using VClusterManager.Server.Http;
using VClusterManager.Server.Identity;
using VClusterManager.Server.Storage;
using Xunit;

namespace VClusterManager.Server.Tests.Clusters;

public sealed class ClusterChangeTests
{
    [Fact]
    public void Labels_and_time_to_live_never_need_an_upgrade()
    {
        var row = TestManager.Row();

        var effect = Apply(row, """{"labels":{"team":null,"tier":"web"},"ttl_hours":48}""").Value;

        effect.ShouldBe(new ChangeEffect(Edited: true, Upgrade: false));
        row.Labels.ShouldBe(new Dictionary<string, string> { ["tier"] = "web" });
        row.ExpiresAt.ShouldBe(TestManager.Now.AddHours(48));
    }

    [Fact]
    public void A_change_that_changes_nothing_has_no_effect()
    {
        Apply(
            TestManager.Row("""{"sync":{"toHost":{}}}"""),
            """{"labels":{"team":"a"},"values":{"sync":{"toHost":{}}},"k8s_version":"1.34"}"""
        )
            .Value.ShouldBe(new ChangeEffect(Edited: false, Upgrade: false));
    }

    [Fact]
    public void Values_are_merged_as_a_merge_patch_and_need_an_upgrade()
    {
        var row = TestManager.Row("""{"sync":{"toHost":{"ingresses":{"enabled":true}}},"networking":{"a":1}}""");

        Apply(row, """{"values":{"sync":{"toHost":{"ingresses":null,"pods":{"enabled":true}}}}}""")
            .Value.Upgrade.ShouldBeTrue();

        TestManager
            .Json(row.ValuesJson!)
            .ToJsonString()
            .ShouldBe("""{"sync":{"toHost":{"pods":{"enabled":true}}},"networking":{"a":1}}""");
    }

    [Fact]
    public void Null_takes_all_values_away() =>
        Apply(TestManager.Row("""{"sync":{}}"""), """{"values":null}""").Value.Upgrade.ShouldBeTrue();

    [Theory]
    [InlineData("1.35", null)]
    [InlineData("v1.35.0", null)]
    [InlineData("1.33", "no way back")]
    [InlineData("1.25", "not on offer")]
    public void A_version_goes_up_one_minor_at_a_time_and_never_down(string version, string? reason)
    {
        var outcome = Apply(TestManager.Row(), $$"""{"k8s_version":"{{version}}"}""");

        if (reason is null)
        {
            outcome.Value.Upgrade.ShouldBeTrue();
        }
        else
        {
            outcome.Problem!.Errors!["k8s_version"].ShouldHaveSingleItem().ShouldContain(reason);
        }
    }

    [Fact]
    public void A_version_does_not_skip_one()
    {
        var row = TestManager.Row();
        row.KubernetesVersion = "1.33";
        row.KubernetesImageTag = "v1.33.4";

        Apply(row, """{"k8s_version":"1.35"}""")
            .Problem!.Errors!["k8s_version"]
            .ShouldHaveSingleItem()
            .ShouldContain("one minor version at a time");
    }

    [Theory]
    [InlineData("")]
    [InlineData("latest")]
    public void A_version_is_not_changed_where_nobody_knows_what_runs_now(string version)
    {
        var row = TestManager.Row();
        row.KubernetesVersion = row.KubernetesImageTag = version;

        Apply(row, """{"k8s_version":"1.35"}""")
            .Problem!.Errors!["k8s_version"]
            .ShouldHaveSingleItem()
            .ShouldContain("no Kubernetes version");
    }

    [Theory]
    [InlineData("""{"ttl_hours":"24"}""")]
    [InlineData("""{"ttl_hours":1.5}""")]
    [InlineData("""{"labels":"a"}""")]
    [InlineData("""{"values":[]}""")]
    [InlineData("""{"k8s_version":1.35}""")]
    [InlineData("""{"protected":"yes"}""")]
    [InlineData("""{"protected":null}""")]
    [InlineData("""{"labels":{"a":1}}""")]
    public void A_wrong_type_is_malformed(string patch) =>
        ClusterChange.Parse(TestManager.Json(patch)).Problem!.Kind.ShouldBe(ProblemKind.Malformed);

    [Theory]
    [InlineData("""{"name":"other"}""", "name")]
    [InlineData("""{"namespace":"other"}""", "namespace")]
    [InlineData("""{"status":"Running"}""", "status")]
    [InlineData("""{"ttl_hours":0}""", "ttl_hours")]
    [InlineData("""{"labels":{"a b":"c"}}""", "labels")]
    public void What_cannot_be_changed_or_breaks_a_rule_is_said(string patch, string field)
    {
        var parsed = ClusterChange.Parse(TestManager.Json(patch));
        var problem = parsed.Problem ?? Apply(TestManager.Row(), patch).Problem;

        problem.ShouldNotBeNull().Kind.ShouldBe(ProblemKind.Invalid);
        problem.Errors!.Keys.ShouldBe([field]);
    }

    [Fact]
    public void A_time_to_live_that_is_over_already_is_refused() =>
        Apply(TestManager.Row(), """{"ttl_hours":1}""", now: TestManager.Now.AddHours(2))
            .Problem!.Errors!.Keys.ShouldBe(["ttl_hours"]);

    [Fact]
    public void An_editor_may_not_slip_in_what_only_admins_may_set()
    {
        Apply(TestManager.Row(), """{"values":{"experimental":{}}}""").Problem!.Kind.ShouldBe(ProblemKind.Forbidden);
        Apply(TestManager.Row(), """{"values":{"experimental":{}}}""", TestManager.Admin).Problem.ShouldBeNull();
    }

    [Fact]
    public void An_editor_may_not_take_away_what_an_admin_has_set()
    {
        var row = TestManager.Row("""{"experimental":{"a":1}}""");

        Apply(row, """{"values":{"experimental":null}}""").Problem!.Kind.ShouldBe(ProblemKind.Forbidden);
        Apply(row, """{"values":null}""").Problem!.Kind.ShouldBe(ProblemKind.Forbidden);
    }

    private static Outcome<ChangeEffect> Apply(
        ClusterRow row,
        string patch,
        Principal? who = null,
        DateTimeOffset? now = null
    ) =>
        ClusterChange
            .Parse(TestManager.Json(patch))
            .Value.ApplyTo(
                row,
                who ?? TestManager.Editor,
                TestManager.Admission(),
                TestManager.VCluster,
                now ?? TestManager.Now
            );
}
