using System.Text.Json.Nodes;

namespace VCluster.StandIn.Chart;

/// <summary>The control plane itself: a StatefulSet, or a Deployment when its data lies elsewhere.</summary>
internal static class Workload
{
    private const string Section = "controlPlane.statefulSet";
    private const string Claim = Section + ".persistence.volumeClaim";

    public static IEnumerable<ChartObject> All(ReleaseInput input)
    {
        var stateful = input.HasVolumeClaim || input.IsOn("controlPlane.backingStore.etcd.embedded.enabled");
        var spec = new JsonObject
        {
            ["replicas"] = input.Number(Section + ".highAvailability.replicas"),
            ["selector"] = new JsonObject { ["matchLabels"] = Labels(input) },
            ["template"] = Template(input),
        };
        if (stateful)
        {
            AddStatefulParts(spec, input);
        }
        else
        {
            spec["strategy"] = new JsonObject
            {
                ["rollingUpdate"] = new JsonObject { ["maxSurge"] = 1, ["maxUnavailable"] = 0 },
                ["type"] = "RollingUpdate",
            };
        }

        yield return new(
            "statefulset.yaml",
            new JsonObject
            {
                ["apiVersion"] = "apps/v1",
                ["kind"] = stateful ? "StatefulSet" : "Deployment",
                ["metadata"] = input.Metadata(input.Name, Section),
                ["spec"] = spec,
            }
        );
    }

    private static void AddStatefulParts(JsonObject spec, ReleaseInput input)
    {
        spec["serviceName"] = input.Name + "-headless";
        spec["podManagementPolicy"] = input.Text(Section + ".scheduling.podManagementPolicy", "Parallel");
        spec["persistentVolumeClaimRetentionPolicy"] = new JsonObject
        {
            ["whenDeleted"] = input.Text(Claim + ".retentionPolicy", "Retain"),
        };
        if (input.List(Section + ".persistence.volumeClaimTemplates") is { Count: > 0 } given)
        {
            spec["volumeClaimTemplates"] = given;
        }
        else if (input.HasVolumeClaim)
        {
            spec["volumeClaimTemplates"] = new JsonArray(ClaimTemplate(input, Claim));
        }
    }

    /// <summary>The claim for a pod's data, from the <c>volumeClaim</c> section at a path.</summary>
    public static JsonObject ClaimTemplate(ReleaseInput input, string path)
    {
        var spec = new JsonObject
        {
            ["accessModes"] = input.List(path + ".accessModes"),
            ["resources"] = new JsonObject
            {
                ["requests"] = new JsonObject { ["storage"] = input.Text(path + ".size") },
            },
        };
        if (input.Text(path + ".storageClass") is { Length: > 0 } storageClass)
        {
            spec["storageClassName"] = storageClass;
        }

        return new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = "data" },
            ["spec"] = spec,
        };
    }

    private static JsonObject Template(ReleaseInput input)
    {
        var annotations = input.Map(Section + ".pods.annotations");
        annotations["vClusterConfigHash"] = ChartObjects.ConfigHash(input.Values);
        var labels = input.Map(Section + ".pods.labels");
        foreach (var (key, value) in Labels(input))
        {
            labels[key] = value?.DeepClone();
        }

        return new JsonObject
        {
            ["metadata"] = new JsonObject { ["annotations"] = annotations, ["labels"] = labels },
            ["spec"] = PodSpec(input),
        };
    }

    private static JsonObject PodSpec(ReleaseInput input)
    {
        var spec = new JsonObject
        {
            ["terminationGracePeriodSeconds"] = 15,
            ["serviceAccountName"] = input.ControlPlaneAccount,
            ["enableServiceLinks"] = input.IsOn(Section + ".enableServiceLinks"),
            ["volumes"] = Volumes(input),
            ["initContainers"] = new JsonArray(Containers.Kubernetes(input)),
            ["containers"] = new JsonArray(Containers.Syncer(input)),
        };
        foreach (var name in input.List(Section + ".initContainers"))
        {
            spec["initContainers"]!.AsArray().Add(name?.DeepClone());
        }

        foreach (var name in input.List(Section + ".sidecarContainers"))
        {
            spec["containers"]!.AsArray().Add(name?.DeepClone());
        }

        PodParts.Add(spec, input, Section);
        return spec;
    }

    private static JsonArray Volumes(ReleaseInput input)
    {
        var volumes = new JsonArray { Empty("helm-cache") };
        Append(volumes, input.List(Section + ".persistence.binariesVolume"));
        volumes.Add(Empty("tmp"));
        volumes.Add(Empty("certs"));
        volumes.Add(
            new JsonObject
            {
                ["name"] = "vcluster-config",
                ["secret"] = new JsonObject { ["secretName"] = "vc-config-" + input.Name },
            }
        );
        if (input.List(Section + ".persistence.dataVolume") is { Count: > 0 } data)
        {
            Append(volumes, data);
        }
        else if (!input.HasVolumeClaim)
        {
            volumes.Add(Empty("data"));
        }

        Append(volumes, input.List(Section + ".persistence.addVolumes"));
        return volumes;
    }

    private static void Append(JsonArray volumes, JsonArray more)
    {
        foreach (var volume in more)
        {
            volumes.Add(volume?.DeepClone());
        }
    }

    private static JsonObject Empty(string name) => new() { ["name"] = name, ["emptyDir"] = new JsonObject() };

    private static JsonObject Labels(ReleaseInput input) => new() { ["app"] = "vcluster", ["release"] = input.Name };
}
