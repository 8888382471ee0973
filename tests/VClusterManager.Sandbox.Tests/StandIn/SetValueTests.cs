using System.Text.Json.Nodes;
using VCluster.StandIn.Values;

namespace VClusterManager.Sandbox.Tests.StandIn;

public sealed class SetValueTests
{
    [Theory]
    [InlineData("a=1", """{"a":1}""")]
    [InlineData("a.b.c=x", """{"a":{"b":{"c":"x"}}}""")]
    [InlineData("a=true,b=false,c=null", """{"a":true,"b":false,"c":null}""")]
    [InlineData("v=1.34", """{"v":"1.34"}""")]
    [InlineData("v=007", """{"v":"007"}""")]
    [InlineData("v=0", """{"v":0}""")]
    [InlineData("v=", """{"v":""}""")]
    [InlineData("list={a,b}", """{"list":["a","b"]}""")]
    [InlineData("list={}", """{"list":[]}""")]
    [InlineData("list[1]=b", """{"list":[null,"b"]}""")]
    [InlineData("list[0].name=x,list[0].value=1", """{"list":[{"name":"x","value":1}]}""")]
    [InlineData(@"labels.app\.kubernetes\.io/name=x", """{"labels":{"app.kubernetes.io/name":"x"}}""")]
    [InlineData(@"a=x\,y", """{"a":"x,y"}""")]
    [InlineData("a=b=c", """{"a":"b=c"}""")]
    public void An_expression_becomes_values(string expression, string expected)
    {
        var values = new JsonObject();
        SetValue.Apply(values, expression);
        values.ToJsonString().ShouldBe(expected);
    }

    [Fact]
    public void Later_expressions_go_into_what_is_there()
    {
        var values = new JsonObject { ["a"] = new JsonObject { ["x"] = 1 } };
        SetValue.Apply(values, "a.y=2");
        values.ToJsonString().ShouldBe("""{"a":{"x":1,"y":2}}""");
    }

    [Fact]
    public void An_expression_without_a_value_is_refused() =>
        Should.Throw<ValuesException>(() => SetValue.Apply([], "a.b")).Message.ShouldContain("has no value");
}
