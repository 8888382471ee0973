using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Patching;
using VClusterManager.Sandbox.Schema;

namespace VClusterManager.Sandbox.Tests.Patching;

public sealed class StrategicMergePatchTests
{
    private const string TwoContainers =
        """{"spec":{"containers":[{"name":"a","image":"1","ports":[{"containerPort":80}]},{"name":"b","image":"1"}]}}""";

    [Theory]
    [InlineData(
        """{"spec":{"containers":[{"name":"b","image":"2"}]}}""",
        """{"spec":{"containers":[{"name":"a","image":"1","ports":[{"containerPort":80}]},{"name":"b","image":"2"}]}}"""
    )]
    [InlineData(
        """{"spec":{"containers":[{"name":"c","image":"1"}]}}""",
        """{"spec":{"containers":[{"name":"a","image":"1","ports":[{"containerPort":80}]},{"name":"b","image":"1"},{"name":"c","image":"1"}]}}"""
    )]
    [InlineData(
        """{"spec":{"containers":[{"$patch":"delete","name":"a"}]}}""",
        """{"spec":{"containers":[{"name":"b","image":"1"}]}}"""
    )]
    [InlineData(
        """{"spec":{"containers":[{"$patch":"replace"},{"name":"x","image":"1"}]}}""",
        """{"spec":{"containers":[{"name":"x","image":"1"}]}}"""
    )]
    [InlineData(
        """{"spec":{"$setElementOrder/containers":[{"name":"b"},{"name":"a"}],"containers":[{"name":"b"}]}}""",
        """{"spec":{"containers":[{"name":"b","image":"1"},{"name":"a","image":"1","ports":[{"containerPort":80}]}]}}"""
    )]
    [InlineData(
        """{"spec":{"containers":[{"name":"a","ports":[{"containerPort":81}]}]}}""",
        """{"spec":{"containers":[{"name":"a","image":"1","ports":[{"containerPort":80},{"containerPort":81}]},{"name":"b","image":"1"}]}}"""
    )]
    public void Lists_of_containers_merge_by_name(string patch, string expected) =>
        Patched(TwoContainers, patch).ShouldBe(Compact(expected));

    [Theory]
    [InlineData(
        """{"metadata":{"finalizers":["a"]}}""",
        """{"metadata":{"finalizers":["b"]}}""",
        """{"metadata":{"finalizers":["a","b"]}}"""
    )]
    [InlineData(
        """{"metadata":{"finalizers":["a","b"]}}""",
        """{"metadata":{"$deleteFromPrimitiveList/finalizers":["a"]}}""",
        """{"metadata":{"finalizers":["b"]}}"""
    )]
    [InlineData(
        """{"spec":{"tolerations":[{"key":"a"}]}}""",
        """{"spec":{"tolerations":[{"key":"b"}]}}""",
        """{"spec":{"tolerations":[{"key":"b"}]}}"""
    )]
    [InlineData(
        """{"spec":{"volumes":[{"name":"v","emptyDir":{}}]}}""",
        """{"spec":{"volumes":[{"$retainKeys":["name","secret"],"name":"v","secret":{"secretName":"s"}}]}}""",
        """{"spec":{"volumes":[{"name":"v","secret":{"secretName":"s"}}]}}"""
    )]
    [InlineData(
        """{"metadata":{"labels":{"a":"1"}}}""",
        """{"metadata":{"labels":{"a":null,"b":"2"}}}""",
        """{"metadata":{"labels":{"b":"2"}}}"""
    )]
    public void Other_lists_and_maps_follow_their_declaration(string target, string patch, string expected) =>
        Patched(target, patch).ShouldBe(Compact(expected));

    private static string Patched(string target, string patch) =>
        StrategicMergePatch
            .Apply((JsonObject)JsonNode.Parse(target)!, (JsonObject)JsonNode.Parse(patch)!, ApiTypes.Get("core/v1.Pod"))
            .ToJsonString();

    private static string Compact(string json) => JsonNode.Parse(json)!.ToJsonString();
}
