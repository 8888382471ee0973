using System.Text.Json.Nodes;
using Shouldly;
using VClusterManager.Server.VCluster;
using Xunit;

namespace VClusterManager.Server.Tests.VCluster;

public sealed class AdoptedImageTests
{
    [Theory]
    [InlineData("""{"controlPlane":{"distro":{"k8s":{"image":"registry:5000/kubernetes@sha256:00"}}}}""")]
    [InlineData("""{"controlPlane":{"distro":{"k8s":{"image":{"registry":"r"},"version":"v1.34.0"}}}}""")]
    [InlineData("""{"controlPlane":{}}""")]
    public void An_image_whose_tag_nobody_knows_stays_as_the_values_have_it(string values)
    {
        var own = JsonNode.Parse(values)!.AsObject();
        var none = new Dictionary<string, string>();
        var marks =
            """{"controlPlane":{"statefulSet":{"labels":{}},"advanced":{"globalMetadata":{"annotations":{}}}}}""";

        var yaml = VClusterValues.Render([], own, imageTag: "", none, none);

        yaml.ShouldBe(ValuesYaml.Write(VClusterValues.Merge(own, JsonNode.Parse(marks)!.AsObject())));
    }
}
