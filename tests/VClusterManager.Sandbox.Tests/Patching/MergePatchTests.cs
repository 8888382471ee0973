using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Patching;

namespace VClusterManager.Sandbox.Tests.Patching;

public sealed class MergePatchTests
{
    [Theory]
    [InlineData("""{"a":1,"b":2}""", """{"a":null,"c":3}""", """{"b":2,"c":3}""")]
    [InlineData("""{"a":{"b":1}}""", """{"a":{"c":2}}""", """{"a":{"b":1,"c":2}}""")]
    [InlineData("""{"a":[1,2]}""", """{"a":[3]}""", """{"a":[3]}""")]
    [InlineData("""{"a":1}""", """{"a":{"b":null,"c":1}}""", """{"a":{"c":1}}""")]
    public void Members_replace_members_and_null_removes(string target, string patch, string expected)
    {
        var patched = MergePatch.Apply((JsonObject)JsonNode.Parse(target)!, (JsonObject)JsonNode.Parse(patch)!);
        JsonNode.DeepEquals(patched, JsonNode.Parse(expected)).ShouldBeTrue(patched.ToJsonString());
    }
}
