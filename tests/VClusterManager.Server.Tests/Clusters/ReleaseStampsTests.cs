using System.Text.Json.Nodes;
using Shouldly;
using VClusterManager.Server.Clusters;
using VClusterManager.Server.Kubernetes;
using VClusterManager.Server.VCluster;
using Xunit;

namespace VClusterManager.Server.Tests.Clusters;

/// <summary>What is in a release tells whose it is, and what was asked for.</summary>
public sealed class ReleaseStampsTests
{
    private static readonly JsonObject Configured = TestManager.Json(
        """{"policies":{"podSecurityStandard":"baseline","resourceQuota":{"enabled":true}},"sync":{"toHost":{"pods":{"enabled":true}}}}"""
    );

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"sync":{"toHost":{"ingresses":{"enabled":true}}}}""")]
    [InlineData("""{"policies":{"podSecurityStandard":"privileged"},"telemetry":{"enabled":true}}""")]
    [InlineData("""{"controlPlane":{"statefulSet":{"labels":{"team":"a"},"resources":{"limits":{"cpu":2}}}}}""")]
    [InlineData("""{"controlPlane":{"distro":{"k8s":{"image":{"repository":"own/kubernetes"}}}}}""")]
    [InlineData("""{"controlPlane":{"advanced":{"globalMetadata":{"annotations":{"a":"b"}}}}}""")]
    public void The_values_that_were_asked_for_are_found_again_in_those_that_were_installed(string asked)
    {
        var installed = Installed(TestManager.Row(), TestManager.Json(asked));

        var own = ReleaseStamps.OwnValues(installed, Configured);

        JsonNode.DeepEquals(own, TestManager.Json(asked)).ShouldBeTrue(own.ToJsonString());
        JsonNode.DeepEquals(Installed(TestManager.Row(), own), installed).ShouldBeTrue("an upgrade changes nothing");
    }

    [Fact]
    public void What_somebody_else_installed_is_kept_as_it_is()
    {
        var foreign = TestManager.Json(
            """{"telemetry":{"enabled":false},"policies":{"podSecurityStandard":"baseline"}}"""
        );

        JsonNode.DeepEquals(ReleaseStamps.OwnValues(foreign, Configured), foreign).ShouldBeTrue();
    }

    [Fact]
    public void A_release_is_ours_by_its_chart_and_our_instance()
    {
        var row = TestManager.Row();
        var values = Installed(row, []);

        ReleaseStamps.IdIn(values).ShouldBe(row.Id.ToString());
        ReleaseStamps.IsOurs(new HelmReleaseContent("vcluster", values), "default").ShouldBeTrue();
        ReleaseStamps.IsOurs(new HelmReleaseContent("vcluster", values), "other").ShouldBeFalse();
        ReleaseStamps.IsOurs(new HelmReleaseContent("nginx", values), "default").ShouldBeFalse();
        ReleaseStamps.IsOurs(new HelmReleaseContent("vcluster", []), "default").ShouldBeFalse();
    }

    [Theory]
    [InlineData("""{"controlPlane":"oops"}""")]
    [InlineData("""{"controlPlane":{"advanced":{"globalMetadata":{"annotations":{"vcluster-manager.io/id":7}}}}}""")]
    public void Values_of_another_form_say_nothing(string values)
    {
        ReleaseStamps.IdIn(TestManager.Json(values)).ShouldBeNull();
        ReleaseStamps.InstanceIn(TestManager.Json(values)).ShouldBeNull();
    }

    /// <summary>As the manager renders them, and with what the CLI adds.</summary>
    private static JsonObject Installed(Server.Storage.ClusterRow row, JsonObject own)
    {
        var marked = VClusterValues.Merge(
            TestManager.Json("""{"telemetry":{"enabled":false}}"""),
            VClusterValues.Merge(Configured, own)
        );
        return VClusterValues.Merge(
            marked,
            new JsonObject
            {
                ["controlPlane"] = new JsonObject
                {
                    ["distro"] = new JsonObject
                    {
                        ["k8s"] = new JsonObject { ["image"] = new JsonObject { ["tag"] = row.KubernetesImageTag } },
                    },
                    ["statefulSet"] = new JsonObject { ["labels"] = Map(ClusterStamps.Labels("default")) },
                    ["advanced"] = new JsonObject
                    {
                        ["globalMetadata"] = new JsonObject { ["annotations"] = Map(ClusterStamps.Identity(row)) },
                    },
                },
            }
        );
    }

    private static JsonObject Map(Dictionary<string, string> entries) =>
        new(entries.Select(e => KeyValuePair.Create(e.Key, (JsonNode?)e.Value)));
}
