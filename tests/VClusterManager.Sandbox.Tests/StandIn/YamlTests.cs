using System.Text.Json.Nodes;
using VCluster.StandIn.Chart;
using VCluster.StandIn.Yaml;

namespace VClusterManager.Sandbox.Tests.StandIn;

public sealed class YamlTests
{
    [Theory]
    [InlineData("a: 1", """{"a":1}""")]
    [InlineData("a: 0x1f", """{"a":31}""")]
    [InlineData("a: 0644", """{"a":420}""")]
    [InlineData("a: 3.5", """{"a":3.5}""")]
    [InlineData("a: 1.2.3", """{"a":"1.2.3"}""")]
    [InlineData("a: yes\nb: Off\nc: ~", """{"a":true,"b":false,"c":null}""")]
    [InlineData("a: \"yes\"\nb: '1'", """{"a":"yes","b":"1"}""")]
    [InlineData("a: 2026-11-22", """{"a":"2026-11-22"}""")]
    [InlineData("x: &x {a: 1}\ny: *x\nz: {<<: *x, b: 2}", """{"x":{"a":1},"y":{"a":1},"z":{"b":2,"a":1}}""")]
    [InlineData("- 1\n- [2, 3]", "[1,[2,3]]")]
    [InlineData("""{"a": [1, true]}""", """{"a":[1,true]}""")]
    [InlineData("{a: b}", """{"a":"b"}""")]
    public void It_is_read_as_the_Go_tools_read_it(string yaml, string json) =>
        YamlReader.Read(yaml)!.ToJsonString().ShouldBe(json);

    [Fact]
    public void Empty_documents_are_left_out() => YamlReader.ReadAll("---\n---\na: 1\n---\n# none\n").Count.ShouldBe(1);

    [Theory]
    [InlineData("sync:\n  toHost:\n    ingresses: ]\n", "yaml: line 2: did not find expected node content")]
    [InlineData("a: b: c", "yaml: mapping values are not allowed in this context")]
    [InlineData("a: 1\na: 2", "yaml: unmarshal errors:\n  line 2: key \"a\" already set in map")]
    public void What_is_no_YAML_is_refused_in_Go_s_words(string yaml, string message) =>
        Should.Throw<YamlTextException>(() => YamlReader.Read(yaml)).Message.ShouldBe(message);

    [Theory]
    [InlineData("""{"b":1,"a":{"c":[]},"d":{}}""", "a:\n  c: []\nb: 1\nd: {}\n")]
    [InlineData("""{"l":[{"a":1,"b":2},"x",[1]]}""", "l:\n- a: 1\n  b: 2\n- x\n- - 1\n")]
    [InlineData("""{"v10":1,"v2":1,"V1":1}""", "V1: 1\nv2: 1\nv10: 1\n")]
    [InlineData(
        """{"s":"3.20","t":"true","e":"","no-thing":null}""",
        "e: \"\"\nno-thing: null\ns: \"3.20\"\nt: \"true\"\n"
    )]
    [InlineData("""{"t":"2026-11-22T16:05:48Z","c":"10.0.0.0/8"}""", "c: 10.0.0.0/8\nt: \"2026-11-22T16:05:48Z\"\n")]
    [InlineData("""{"s":"- x","a":"*","c":"a: b","q":"it's"}""", "a: '*'\nc: 'a: b'\nq: it's\ns: '- x'\n")]
    [InlineData("""{"m":"one\ntwo\n","k":"one\ntwo"}""", "k: |-\n  one\n  two\nm: |\n  one\n  two\n")]
    public void It_is_written_as_the_Go_tools_write_it(string json, string yaml)
    {
        YamlWriter.Write(JsonNode.Parse(json)).ShouldBe(yaml);
        JsonNode.DeepEquals(YamlReader.Read(yaml), JsonNode.Parse(json)).ShouldBeTrue();
    }

    [Fact]
    public void The_hash_over_the_configuration_is_the_one_of_the_real_chart()
    {
        var path = Path.Combine(AppContext.BaseDirectory, "StandIn", "Objects", "vc-config.yaml");
        var config = YamlReader.Read(File.ReadAllText(path))!.AsObject();
        ChartObjects.ConfigHash(config).ShouldBe("c2a53af258627a50c5d926048980e625b24aeaa7a7bb283aa3ee8cd3d54c8cb5");
    }
}
