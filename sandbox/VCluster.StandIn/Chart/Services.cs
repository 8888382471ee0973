using System.Text.Json.Nodes;
using VCluster.StandIn.Values;

namespace VCluster.StandIn.Chart;

/// <summary>The service that the API server answers on, the headless one that names its pods, and an ingress when asked for.</summary>
internal static class Services
{
    private const string Own = "controlPlane.service";

    public static IEnumerable<ChartObject> All(ReleaseInput input)
    {
        if (input.HasVolumeClaim)
        {
            yield return new("headless-service.yaml", Headless(input));
        }

        if (input.IsOn(Own + ".enabled"))
        {
            yield return new("service.yaml", Api(input));
        }

        if (input.IsOn("controlPlane.ingress.enabled"))
        {
            yield return new("ingress.yaml", Ingress(input));
        }
    }

    private static JsonObject Api(ReleaseInput input)
    {
        var metadata = input.Metadata(input.Name, Own);
        metadata["labels"]!["vcluster.loft.sh/service"] = "true";
        var spec = new JsonObject
        {
            ["ports"] = new JsonArray(
                Port("https", 443, input.Number(Own + ".httpsNodePort")),
                Port("kubelet", 10250, input.Number(Own + ".kubeletNodePort"))
            ),
            ["selector"] = Selector(input),
        };
        ValuesTree.Merge(spec, input.Map(Own + ".spec"));
        return Service(metadata, spec);
    }

    private static JsonObject Headless(ReleaseInput input) =>
        Service(
            input.Metadata(input.Name + "-headless", "controlPlane.advanced.headlessService"),
            new JsonObject
            {
                ["publishNotReadyAddresses"] = true,
                ["clusterIP"] = "None",
                ["ports"] = new JsonArray(Port("https", 443, 0)),
                ["selector"] = Selector(input),
            }
        );

    private static JsonObject Ingress(ReleaseInput input)
    {
        const string section = "controlPlane.ingress";
        var backend = new JsonObject
        {
            ["service"] = new JsonObject
            {
                ["name"] = input.Name,
                ["port"] = new JsonObject { ["name"] = "https" },
            },
        };
        var path = new JsonObject
        {
            ["backend"] = backend,
            ["path"] = "/",
            ["pathType"] = input.Text(section + ".pathType"),
        };
        var spec = new JsonObject
        {
            ["rules"] = new JsonArray(
                new JsonObject
                {
                    ["host"] = input.Text(section + ".host"),
                    ["http"] = new JsonObject { ["paths"] = new JsonArray(path) },
                }
            ),
        };
        ValuesTree.Merge(spec, input.Map(section + ".spec"));
        return new JsonObject
        {
            ["apiVersion"] = "networking.k8s.io/v1",
            ["kind"] = "Ingress",
            ["metadata"] = input.Metadata(input.Name, section),
            ["spec"] = spec,
        };
    }

    private static JsonObject Service(JsonObject metadata, JsonObject spec) =>
        new()
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Service",
            ["metadata"] = metadata,
            ["spec"] = spec,
        };

    private static JsonObject Selector(ReleaseInput input) => new() { ["app"] = "vcluster", ["release"] = input.Name };

    private static JsonObject Port(string name, int port, int nodePort)
    {
        var entry = new JsonObject
        {
            ["name"] = name,
            ["port"] = port,
            ["targetPort"] = 8443,
            ["protocol"] = "TCP",
        };
        if (nodePort > 0)
        {
            entry["nodePort"] = nodePort;
        }

        return entry;
    }
}
