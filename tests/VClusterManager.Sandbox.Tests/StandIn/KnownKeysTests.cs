using System.Text.Json.Nodes;
using VCluster.StandIn.Values;
using VCluster.StandIn.Yaml;

namespace VClusterManager.Sandbox.Tests.StandIn;

public sealed class KnownKeysTests
{
    [Theory]
    [InlineData("controlPlane: {statefulSet: {labels: {a: b}, annotations: {c: d}}}")]
    [InlineData(
        "controlPlane: {statefulSet: {persistence: {volumeClaim: {enabled: true, size: 1Gi, retentionPolicy: Delete}}}}"
    )]
    [InlineData("controlPlane: {advanced: {globalMetadata: {annotations: {a: b}}}, proxy: {extraSANs: [a, b]}}")]
    [InlineData("controlPlane: {hostPathMapper: {enabled: true}, statefulSet: {runtimeClassName: gvisor}}")]
    [InlineData(
        "sync: {toHost: {pods: {enabled: true, patches: [{path: a}]}, customResources: {a.b.c: {enabled: true}}}}"
    )]
    [InlineData(
        "sync: {fromHost: {ingressClasses: {enabled: true, selector: {matchLabels: {a: b}}}, storageClasses: {enabled: auto}}}"
    )]
    [InlineData("policies: {podSecurityStandard: baseline, resourceQuota: {enabled: true, quota: {count/pods: 7}}}")]
    [InlineData("exportKubeConfig: {server: \"https://a\", additionalSecrets: [{name: b}]}")]
    [InlineData("sleep: {auto: {afterInactivity: 1h}}")]
    [InlineData("controlPlane: null")]
    public void What_the_real_one_takes_is_taken(string yaml) => Should.NotThrow(() => Check(yaml));

    [Theory]
    [InlineData("nonsense: 1", "unknown field \"nonsense\"")]
    [InlineData("controlPlane: {statefulSet: {resource: {}}}", "unknown field \"resource\"")]
    [InlineData("controlPlane: {zzz: 1, aaa: 1}", "unknown field \"aaa\"")]
    [InlineData(
        "sync: {toHost: {ingresses: {enabled: \"yes please\"}}}",
        "cannot unmarshal string into Go struct field EnableSwitchWithPatches.sync.toHost.ingresses.enabled of type bool"
    )]
    [InlineData(
        "controlPlane: {statefulSet: {highAvailability: {replicas: 1.5}}}",
        "cannot unmarshal number 1.5 into Go struct field ControlPlaneHighAvailability.controlPlane.statefulSet.highAvailability.replicas of type int32"
    )]
    [InlineData(
        "controlPlane: {statefulSet: {labels: {a: 1}}}",
        "cannot unmarshal number into Go struct field ControlPlaneStatefulSet.controlPlane.statefulSet.labels of type string"
    )]
    [InlineData(
        "controlPlane: {proxy: {extraSANs: demo}}",
        "cannot unmarshal string into Go struct field ControlPlaneProxy.controlPlane.proxy.extraSANs of type []string"
    )]
    public void The_first_fault_in_the_order_of_the_keys_is_told(string yaml, string reason) =>
        Should
            .Throw<ValuesException>(() => Check(yaml))
            .Message.ShouldBe($"invalid config: error unmarshaling JSON: while decoding JSON: json: {reason}");

    [Fact]
    public void The_chart_s_own_values_are_all_known() =>
        Should.NotThrow(() => new KnownKeys().Check(ValuesTree.Defaults(), ValuesTree.Defaults()));

    private static void Check(string yaml) =>
        new KnownKeys().Check((JsonObject)YamlReader.Read(yaml)!, ValuesTree.Defaults());
}
