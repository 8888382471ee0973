using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Api;
using VClusterManager.Sandbox.Patching;

namespace VClusterManager.Sandbox.Tests.Patching;

public sealed class JsonPatchTests
{
    [Theory]
    [InlineData("""{"a":1}""", """[{"op":"add","path":"/b","value":2}]""", """{"a":1,"b":2}""")]
    [InlineData("""{"a":1}""", """[{"op":"remove","path":"/a"}]""", "{}")]
    [InlineData("""{"a":1}""", """[{"op":"replace","path":"/a","value":{"b":1}}]""", """{"a":{"b":1}}""")]
    [InlineData("""{"a":[1,3]}""", """[{"op":"add","path":"/a/1","value":2}]""", """{"a":[1,2,3]}""")]
    [InlineData("""{"a":[1]}""", """[{"op":"add","path":"/a/-","value":2}]""", """{"a":[1,2]}""")]
    [InlineData("""{"a":1}""", """[{"op":"move","from":"/a","path":"/b"}]""", """{"b":1}""")]
    [InlineData("""{"a":1}""", """[{"op":"copy","from":"/a","path":"/b"}]""", """{"a":1,"b":1}""")]
    [InlineData("""{"a/b":{"~":1}}""", """[{"op":"remove","path":"/a~1b/~0"}]""", """{"a/b":{}}""")]
    [InlineData("""{"a":1}""", """[{"op":"test","path":"/a","value":1},{"op":"remove","path":"/a"}]""", "{}")]
    public void Operations_change_what_they_name(string target, string patch, string expected) =>
        JsonNode.DeepEquals(Apply(target, patch), JsonNode.Parse(expected)).ShouldBeTrue();

    [Theory]
    [InlineData("""{"a":1}""", """[{"op":"test","path":"/a","value":2}]""")]
    [InlineData("""{"a":1}""", """[{"op":"remove","path":"/b"}]""")]
    [InlineData("""{"a":[1]}""", """[{"op":"add","path":"/a/2","value":1}]""")]
    [InlineData("""{"a":1}""", """[{"op":"replace","path":"a","value":1}]""")]
    [InlineData("""{"a":1}""", """[{"op":"nonsense","path":"/a"}]""")]
    public void What_does_not_fit_is_refused(string target, string patch) =>
        Should.Throw<StatusException>(() => Apply(target, patch)).Code.ShouldBe(422);

    private static JsonObject Apply(string target, string patch) =>
        JsonPatch.Apply((JsonObject)JsonNode.Parse(target)!, (JsonArray)JsonNode.Parse(patch)!);
}
