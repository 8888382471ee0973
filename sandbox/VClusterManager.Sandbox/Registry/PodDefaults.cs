using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Json;

namespace VClusterManager.Sandbox.Registry;

/// <summary>What the API fills into a pod's spec, be it a pod's own or one in a workload's template.</summary>
internal static class PodDefaults
{
    private const int ReadableByOwnerWriter = 420;

    public static void ApplyToPod(JsonObject pod)
    {
        var spec = pod.Ensure("spec");
        foreach (var container in Containers(spec))
        {
            RequestWhatIsLimited(container);
        }

        spec.Default("enableServiceLinks", true);
        ApplyToSpec(spec);
    }

    public static void ApplyToTemplate(JsonObject? template)
    {
        if (template is not null)
        {
            template.Ensure("metadata");
            ApplyToSpec(template.Ensure("spec"));
        }
    }

    private static void ApplyToSpec(JsonObject spec)
    {
        foreach (var container in Containers(spec))
        {
            ApplyToContainer(container);
        }

        foreach (var volume in spec.Objects("volumes"))
        {
            ApplyToVolume(volume);
        }

        spec.Default("restartPolicy", "Always");
        spec.Default("terminationGracePeriodSeconds", 30);
        spec.Default("dnsPolicy", "ClusterFirst");
        spec.Default("securityContext", new JsonObject());
        spec.Default("schedulerName", "default-scheduler");
        if (spec.Text("serviceAccountName") is { Length: > 0 } account)
        {
            // The old name of the field is kept in step.
            spec["serviceAccount"] = account;
        }
        else if (spec.Text("serviceAccount") is { Length: > 0 } old)
        {
            spec["serviceAccountName"] = old;
        }
    }

    private static IEnumerable<JsonObject> Containers(JsonObject spec) =>
        spec.Objects("initContainers").Concat(spec.Objects("containers"));

    private static void ApplyToContainer(JsonObject container)
    {
        container.Default("terminationMessagePath", "/dev/termination-log");
        container.Default("terminationMessagePolicy", "File");
        container.Default("imagePullPolicy", PullPolicyOf(container.Text("image") ?? ""));
        foreach (var port in container.Objects("ports"))
        {
            port.Default("protocol", "TCP");
        }

        foreach (var name in new[] { "livenessProbe", "readinessProbe", "startupProbe" })
        {
            ApplyToProbe(container.Object(name));
        }

        foreach (
            var reference in container
                .Objects("env")
                .Select(variable => variable.Object("valueFrom", "fieldRef"))
                .OfType<JsonObject>()
        )
        {
            reference.Default("apiVersion", "v1");
        }
    }

    private static void ApplyToProbe(JsonObject? probe)
    {
        if (probe is null)
        {
            return;
        }

        if (probe.Object("httpGet") is { } get)
        {
            get.Default("path", "/");
            get.Default("scheme", "HTTP");
        }

        probe.Default("timeoutSeconds", 1);
        probe.Default("periodSeconds", 10);
        probe.Default("successThreshold", 1);
        probe.Default("failureThreshold", 3);
    }

    private static void ApplyToVolume(JsonObject volume)
    {
        if (!volume.Any(member => member.Key != "name" && member.Value is not null))
        {
            volume["emptyDir"] = new JsonObject();
        }

        foreach (var name in new[] { "secret", "configMap", "projected", "downwardAPI" })
        {
            volume.Object(name)?.Default("defaultMode", ReadableByOwnerWriter);
        }

        volume.Object("hostPath")?.Default("type", "");
        foreach (var source in volume.Objects("projected", "sources"))
        {
            source.Object("serviceAccountToken")?.Default("expirationSeconds", 3600);
        }
    }

    private static string PullPolicyOf(string image)
    {
        var name = image[(image.LastIndexOf('/') + 1)..];
        return image.Contains('@', StringComparison.Ordinal) ? "IfNotPresent"
            : !name.Contains(':', StringComparison.Ordinal) || name.EndsWith(":latest", StringComparison.Ordinal)
                ? "Always"
            : "IfNotPresent";
    }

    private static void RequestWhatIsLimited(JsonObject container)
    {
        foreach (var (name, value) in container.Object("resources", "limits") ?? [])
        {
            container.Ensure("resources").Ensure("requests").Default(name, value!.DeepClone());
        }
    }
}
