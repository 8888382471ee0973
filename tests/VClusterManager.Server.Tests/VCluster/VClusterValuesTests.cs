using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Shouldly;
using VClusterManager.Server.VCluster;
using Xunit;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace VClusterManager.Server.Tests.VCluster;

public sealed class VClusterValuesTests
{
    private static readonly string[] DefaultDenied =
    [
        "experimental",
        "rbac",
        "plugins",
        "integrations",
        "external",
        "platform",
        "controlPlane.advanced",
        "controlPlane.statefulSet",
        "controlPlane.hostPathMapper",
        "sync.fromHost",
    ];

    private static JsonObject Json(string text) => JsonNode.Parse(text)!.AsObject();

    [Theory]
    [InlineData("""{"a":{"b":1,"c":2}}""", """{"a":{"b":3}}""", """{"a":{"b":3,"c":2}}""")]
    [InlineData("""{"a":[1,2]}""", """{"a":[3]}""", """{"a":[3]}""")]
    [InlineData("""{"a":{"b":1}}""", """{"a":"x"}""", """{"a":"x"}""")]
    [InlineData("""{"a":"x"}""", """{"a":{"b":1}}""", """{"a":{"b":1}}""")]
    [InlineData("""{"a":1,"b":2}""", """{"a":null}""", """{"b":2}""")]
    [InlineData("""{}""", """{"a":{"b":null,"c":1}}""", """{"a":{"c":1}}""")]
    [InlineData("""{"a":1}""", """{}""", """{"a":1}""")]
    public void Maps_merge_and_everything_else_is_replaced(string under, string over, string merged)
    {
        var (left, right) = (Json(under), Json(over));

        VClusterValues.Merge(left, right).ToJsonString().ShouldBe(merged);
        left.ToJsonString().ShouldBe(under, "nothing is changed in place");
        right.ToJsonString().ShouldBe(over);
    }

    [Theory]
    [InlineData("""{"sync":{"toHost":{"ingresses":{"enabled":true}}}}""", "")]
    [InlineData("""{"controlPlane":{"statefulSet":{"resources":{"limits":{"memory":"1Gi"}}}}}""", "")]
    [InlineData("""{"controlPlane":{"statefulSet":{"persistence":{"volumeClaim":{"size":"1Gi"}}}}}""", "")]
    [InlineData("""{"controlPlane":{"statefulSet":{}}}""", "")]
    [InlineData("""{"experimental":{}}""", "experimental")]
    [InlineData("""{"experimental":null}""", "experimental")]
    [InlineData("""{"controlPlane":{"advanced":{"globalMetadata":{}}}}""", "controlPlane.advanced")]
    [InlineData("""{"controlPlane":{"statefulSet":{"labels":{"a":"b"}}}}""", "controlPlane.statefulSet.labels")]
    [InlineData("""{"controlPlane":{"statefulSet":null}}""", "controlPlane.statefulSet")]
    [InlineData("""{"controlPlane":{"statefulSet":[{"resources":1}]}}""", "controlPlane.statefulSet")]
    [InlineData("""{"controlPlane":{"hostPathMapper":{"enabled":true}}}""", "controlPlane.hostPathMapper")]
    [InlineData("""{"sync":{"fromHost":{"nodes":{"enabled":true}}}}""", "sync.fromHost")]
    // Names as the CLI reads them, without regard to case, with the two letters that fold to s and k.
    [InlineData("""{"Experimental":{"deploy":{}}}""", "Experimental")]
    [InlineData("""{"controlplane":{"STATEFULSET":{"env":[]}}}""", "controlplane.STATEFULSET.env")]
    [InlineData("""{"plugin\u017F":{}}""", "plugin\u017F")]
    [InlineData("""{"\u017Fync":{"fromHo\u017Ft":{}}}""", "\u017Fync.fromHo\u017Ft")]
    // One key that reads like a path.
    [InlineData("""{"controlPlane.advanced":{}}""", "controlPlane.advanced")]
    // What would take away, from above, what configuration has set.
    [InlineData("""{"controlPlane":null}""", "controlPlane")]
    [InlineData("""{"sync":"off"}""", "sync")]
    // Images, wherever they stand.
    [InlineData("""{"controlPlane":{"distro":{"k8s":{"image":{"tag":"x"}}}}}""", "controlPlane.distro.k8s.image")]
    [InlineData(
        """{"controlPlane":{"coredns":{"deployment":{"image":"evil"}}}}""",
        "controlPlane.coredns.deployment.image"
    )]
    [InlineData("""{"a":[[{"b":[{"Images":[]}]}]]}""", "a[0][0].b[0].Images")]
    // The way round by the volume of the workload.
    [InlineData(
        """{"controlPlane":{"statefulSet":{"persistence":{"addVolumes":[{"name":"x","hostPath":{"path":"/"}}]}}}}""",
        "controlPlane.statefulSet.persistence.addVolumes[0].hostPath"
    )]
    [InlineData(
        """{"controlPlane":{"backingStore":{"etcd":{"deploy":{"statefulSet":{"security":{"containerSecurityContext":{"privileged":true}}}}}}}}""",
        "controlPlane.backingStore.etcd.deploy.statefulSet.security.containerSecurityContext.privileged"
    )]
    public void What_reaches_the_host_is_denied_to_editors(string values, string denied) =>
        string.Join(' ', VClusterValues.Denied(Json(values), DefaultDenied)).ShouldBe(denied);

    [Fact]
    public void Configuration_can_deny_what_lies_within_an_exception() =>
        VClusterValues
            .Denied(
                Json("""{"controlPlane":{"statefulSet":{"persistence":{"addVolumes":[],"volumeClaim":{}}}}}"""),
                [.. DefaultDenied, "controlPlane.statefulSet.persistence.addVolumes"]
            )
            .ShouldBe(["controlPlane.statefulSet.persistence.addVolumes"]);

    [Fact]
    public void Every_denied_path_is_named() =>
        VClusterValues
            .Denied(Json("""{"rbac":{"role":{}},"plugins":{},"sync":{"fromHost":{},"toHost":{}}}"""), DefaultDenied)
            .ShouldBe(["rbac", "plugins", "sync.fromHost"]);

    [Fact]
    public void Version_and_identity_win_over_what_was_asked_for()
    {
        var yaml = VClusterValues.Render(
            Json(
                """{"controlPlane":{"statefulSet":{"labels":{"team":"a","owner":"config"}}},"policies":{"podSecurityStandard":"restricted"}}"""
            ),
            Json(
                """{"controlPlane":{"distro":{"k8s":{"version":"v1.18.0","image":{"tag":"evil","registry":"r"}}},"statefulSet":{"labels":{"owner":"me"}}}}"""
            ),
            "v1.34.0",
            new Dictionary<string, string> { ["owner"] = "manager", ["instance"] = "yes" },
            new Dictionary<string, string> { ["vcluster-manager/id"] = "0123" }
        );

        ReadYaml(yaml)
            .ToJsonString()
            .ShouldBe(
                Json(
                        """
                        {
                          "controlPlane": {
                            "statefulSet": { "labels": { "team": "a", "owner": "manager", "instance": "yes" } },
                            "distro": { "k8s": { "image": { "tag": "v1.34.0", "registry": "r" } } },
                            "advanced": { "globalMetadata": { "annotations": { "vcluster-manager/id": "0123" } } }
                          },
                          "policies": { "podSecurityStandard": "restricted" }
                        }
                        """
                    )
                    .ToJsonString()
            );
    }

    [Theory]
    [InlineData("ghcr.io/loft-sh/kubernetes:v1.18.0", "ghcr.io/loft-sh/kubernetes:v1.34.0")]
    [InlineData("registry:5000/kubernetes", "registry:5000/kubernetes:v1.34.0")]
    [InlineData("registry:5000/k8s:x@sha256:00", "registry:5000/k8s:v1.34.0")]
    public void An_image_in_one_string_keeps_its_repository(string image, string rendered)
    {
        var own = new JsonObject
        {
            ["controlPlane"] = new JsonObject
            {
                ["distro"] = new JsonObject { ["k8s"] = new JsonObject { ["image"] = image } },
            },
        };

        var yaml = VClusterValues.Render([], own, "v1.34.0", Empty, Empty);

        ReadYaml(yaml)["controlPlane"]!["distro"]!["k8s"]!["image"]!.GetValue<string>().ShouldBe(rendered);
    }

    [Fact]
    public void Yaml_reads_like_a_person_had_written_it() =>
        ValuesYaml
            .Write(Json("""{"a":{"b":"plain","c":"on","d":"1.35","e":[1,true,null,"x: y"]},"f":{},"g":[]}"""))
            .ShouldBe(
                """
                a:
                  b: plain
                  c: "on"
                  d: "1.35"
                  e:
                  - 1
                  - true
                  - null
                  - "x: y"
                f: {}
                g: []

                """
            );

    [Fact]
    public void Every_string_and_number_comes_back_as_it_went()
    {
        var text = Gen.OneOf(
                Gen.String[Gen.Char, 0, 20],
                Gen.String[Gen.Char["ab:#-?{}[],&*!|>'\"%@`~ \t\r\n\\0123456789.eE+_"], 0, 20],
                OneOf(
                    "yes",
                    "No",
                    "on",
                    "~",
                    "null",
                    "NULL",
                    "true",
                    "0x1F",
                    "0o17",
                    "017",
                    "1_000",
                    "1e5",
                    ".5",
                    "-.inf",
                    ".NaN",
                    "2026-01-01",
                    "12:30:45",
                    "- a",
                    "? a",
                    "a: b",
                    "a #b",
                    "<<",
                    "=",
                    "!!str x",
                    "&a",
                    "*a",
                    "---",
                    "...",
                    "",
                    " ",
                    "\u0085",
                    "\u2028",
                    "\uFEFF",
                    "\u0000",
                    "😀",
                    "\u007f"
                )
            )
            .Where(s => !s.Any(char.IsSurrogate) || s == "😀");
        var number = Gen.OneOf(
            Gen.Long.Select(l => l.ToString()),
            Gen.Double.Where(double.IsFinite).Select(d => JsonValue.Create(d).ToJsonString()),
            OneOf("0", "-0", "1.0", "1E5", "1e-7", "18446744073709551615", "0.1")
        );
        var leaf = Gen.OneOf<JsonNode?>(
            text.Select(s => (JsonNode?)JsonValue.Create(s)),
            number.Select(n => JsonNode.Parse(n)),
            Gen.Bool.Select(b => (JsonNode?)JsonValue.Create(b)),
            Gen.Const((JsonNode?)null)
        );
        var list = leaf.Array[0, 4].Select(items => (JsonNode?)new JsonArray([.. items.Select(i => i?.DeepClone())]));
        var map = Gen.Select(text, Gen.OneOf(leaf, list))
            .Array[0, 5]
            .Select(pairs =>
            {
                var made = new JsonObject();
                foreach (var (key, value) in pairs)
                    made[key] = value?.DeepClone();
                return made;
            });
        Gen.Select(text, map)
            .Sample(
                (key, inner) =>
                {
                    var values = new JsonObject { [key] = inner };
                    var back = ReadYaml(ValuesYaml.Write(values));
                    JsonNode.DeepEquals(back, values).ShouldBeTrue(values.ToJsonString());
                },
                iter: 3000
            );
    }

    private static IReadOnlyDictionary<string, string> Empty => new Dictionary<string, string>();

    private static Gen<string> OneOf(params string[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    // As a YAML 1.1 parser (the CLI's) resolves plain scalars.
    private static JsonObject ReadYaml(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        return Node(stream.Documents[0].RootNode)!.AsObject();
    }

    private static JsonNode? Node(YamlNode node) =>
        node switch
        {
            YamlMappingNode map => new JsonObject(
                map.Children.Select(c =>
                {
                    var key = (YamlScalarNode)c.Key;
                    Plain(key)?.GetValueKind().ShouldBe(JsonValueKind.String, $"key {key.Value}");
                    return KeyValuePair.Create(key.Value!, Node(c.Value));
                })
            ),
            YamlSequenceNode list => new JsonArray([.. list.Children.Select(Node)]),
            YamlScalarNode scalar => Plain(scalar),
            _ => throw new InvalidOperationException(),
        };

    private static JsonNode? Plain(YamlScalarNode scalar)
    {
        var text = scalar.Value!;
        if (scalar.Style != ScalarStyle.Plain)
            return JsonValue.Create(text);
        return text.ToLowerInvariant() switch
        {
            "null" or "~" or "" => null,
            "y" or "yes" or "on" or "true" => JsonValue.Create(true),
            "n" or "no" or "off" or "false" => JsonValue.Create(false),
            _ => char.IsAsciiLetter(text[0]) ? JsonValue.Create(text) : JsonNode.Parse(text),
        };
    }
}
