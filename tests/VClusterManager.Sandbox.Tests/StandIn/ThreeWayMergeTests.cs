using System.Text.Json.Nodes;
using VCluster.StandIn.Helm;

namespace VClusterManager.Sandbox.Tests.StandIn;

public sealed class ThreeWayMergeTests
{
    [Theory]
    [InlineData("nothing changes", """{"a":1}""", """{"a":1}""", """{"a":1,"status":2}""", null)]
    [InlineData("a value changes", """{"a":1}""", """{"a":2}""", """{"a":1}""", """{"a":2}""")]
    [InlineData("drift is set back", """{"a":1}""", """{"a":1}""", """{"a":0}""", """{"a":1}""")]
    [InlineData(
        "what is no longer said goes",
        """{"a":1,"b":1}""",
        """{"a":1}""",
        """{"a":1,"b":1}""",
        """{"b":null}"""
    )]
    [InlineData("what others added stays", """{}""", """{"m":{"x":1}}""", """{"m":{"x":1,"y":2}}""", null)]
    [InlineData(
        "defaults inside named items stay",
        """{"c":[{"name":"a","image":"1"}]}""",
        """{"c":[{"name":"a","image":"2"}]}""",
        """{"c":[{"name":"a","image":"1","pull":"Always"}]}""",
        """{"c":[{"name":"a","image":"2","pull":"Always"}]}"""
    )]
    [InlineData(
        "a named item that is no longer said goes, one of others stays",
        """{"c":[{"name":"a"},{"name":"b"}]}""",
        """{"c":[{"name":"a"}]}""",
        """{"c":[{"name":"a"},{"name":"b"},{"name":"injected"}]}""",
        """{"c":[{"name":"a"},{"name":"injected"}]}"""
    )]
    [InlineData(
        "plain lists are replaced",
        """{"l":["a"]}""",
        """{"l":["b"]}""",
        """{"l":["a","x"]}""",
        """{"l":["b"]}"""
    )]
    [InlineData(
        "unnamed items keep what the host filled in",
        """{"t":[{"spec":{"x":1}}]}""",
        """{"t":[{"spec":{"x":1}}]}""",
        """{"t":[{"spec":{"x":1},"status":{"phase":"Pending"}}]}""",
        null
    )]
    public void An_upgrade_says_only_what_changes(string why, string before, string after, string live, string? patch)
    {
        var result = ThreeWayMerge.Patch(Parse(before), Parse(after), Parse(live));
        (result?.ToJsonString()).ShouldBe(patch, why);
    }

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();
}
