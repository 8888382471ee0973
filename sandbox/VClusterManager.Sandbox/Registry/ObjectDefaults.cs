using System.Text;
using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Json;
using VClusterManager.Sandbox.Resources;

namespace VClusterManager.Sandbox.Registry;

/// <summary>What the API fills in where a client said nothing.</summary>
internal static class ObjectDefaults
{
    private const string RbacGroup = "rbac.authorization.k8s.io";

    private static readonly Dictionary<string, Action<JsonObject>> ByResource = new(StringComparer.Ordinal)
    {
        ["namespaces"] = Namespace,
        ["secrets"] = Secret,
        ["services"] = Service,
        ["pods"] = PodDefaults.ApplyToPod,
        ["podtemplates"] = json => PodDefaults.ApplyToTemplate(json.Object("template")),
        ["persistentvolumeclaims"] = Claim,
        ["persistentvolumes"] = Volume,
        ["endpoints"] = Endpoints,
        ["statefulsets"] = WorkloadDefaults.StatefulSet,
        ["deployments"] = WorkloadDefaults.Deployment,
        ["replicasets"] = WorkloadDefaults.ReplicaSet,
        ["daemonsets"] = WorkloadDefaults.DaemonSet,
        ["jobs"] = json => WorkloadDefaults.Job(json.Ensure("spec")),
        ["cronjobs"] = WorkloadDefaults.CronJob,
        ["rolebindings"] = Binding,
        ["clusterrolebindings"] = Binding,
        ["storageclasses"] = StorageClass,
        ["networkpolicies"] = NetworkPolicy,
        ["horizontalpodautoscalers"] = json => json.Ensure("spec").Default("minReplicas", 1),
    };

    public static void Apply(ResourceDefinition resource, JsonObject json)
    {
        if (ByResource.TryGetValue(resource.Plural, out var fill))
        {
            fill(json);
        }
    }

    private static void Namespace(JsonObject json)
    {
        var metadata = json.Ensure("metadata");
        metadata.Ensure("labels").Default("kubernetes.io/metadata.name", metadata.Text("name") ?? "");
    }

    private static void Secret(JsonObject json)
    {
        json.Default("type", "Opaque");
        if (json.Object("stringData") is not { } plain)
        {
            return;
        }

        var data = json.Ensure("data");
        foreach (var (name, value) in plain)
        {
            data[name] = Convert.ToBase64String(Encoding.UTF8.GetBytes(value.Text() ?? ""));
        }

        json.Remove("stringData");
    }

    private static void Service(JsonObject json)
    {
        var spec = json.Ensure("spec");
        spec.Default("sessionAffinity", "None");
        spec.Default("type", "ClusterIP");
        foreach (var port in spec.Objects("ports"))
        {
            port.Default("protocol", "TCP");
            if (port["targetPort"] is null || port.Number("targetPort") == 0 || port.Text("targetPort") == "")
            {
                port["targetPort"] = port.Number("port") ?? 0;
            }
        }

        if (spec.Text("type") != "ExternalName")
        {
            spec.Default("internalTrafficPolicy", "Cluster");
        }

        if (spec.Text("type") is "NodePort" or "LoadBalancer")
        {
            spec.Default("externalTrafficPolicy", "Cluster");
        }
    }

    private static void Claim(JsonObject json)
    {
        json.Ensure("spec").Default("volumeMode", "Filesystem");
        json.Ensure("status").Default("phase", "Pending");
    }

    private static void Volume(JsonObject json)
    {
        var spec = json.Ensure("spec");
        spec.Default("persistentVolumeReclaimPolicy", "Retain");
        spec.Default("volumeMode", "Filesystem");
        json.Ensure("status").Default("phase", "Pending");
    }

    private static void Endpoints(JsonObject json)
    {
        foreach (var port in json.Objects("subsets").SelectMany(subset => subset.Objects("ports")))
        {
            port.Default("protocol", "TCP");
        }
    }

    private static void Binding(JsonObject json)
    {
        Fill(json.Object("roleRef"), "apiGroup", RbacGroup);
        foreach (var subject in json.Objects("subjects").Where(subject => subject.Text("kind") is "User" or "Group"))
        {
            Fill(subject, "apiGroup", RbacGroup);
        }
    }

    private static void Fill(JsonObject? json, string name, string value)
    {
        if (json is not null && string.IsNullOrEmpty(json.Text(name)))
        {
            json[name] = value;
        }
    }

    private static void StorageClass(JsonObject json)
    {
        json.Default("reclaimPolicy", "Delete");
        json.Default("volumeBindingMode", "Immediate");
    }

    private static void NetworkPolicy(JsonObject json)
    {
        var spec = json.Ensure("spec");
        if (spec.Array("policyTypes") is null or { Count: 0 })
        {
            spec["policyTypes"] = spec.Array("egress") is { Count: > 0 }
                ? new JsonArray("Ingress", "Egress")
                : new JsonArray("Ingress");
        }
    }
}
