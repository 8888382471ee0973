using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Api;
using VClusterManager.Sandbox.Json;
using VClusterManager.Sandbox.Resources;

namespace VClusterManager.Sandbox.Validation;

/// <summary>What the kinds that matter here require of an object.</summary>
internal static class KindRules
{
    private static readonly string[] ServiceTypes = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];

    private static readonly string[] RoleKinds = ["ClusterRole", "Role"];

    public static IEnumerable<FieldError> ForNew(ResourceDefinition resource, JsonObject json) =>
        resource.Plural switch
        {
            "statefulsets" => StatefulSet(json).Concat(Workload(json)),
            "deployments" or "replicasets" or "daemonsets" => Workload(json),
            "pods" => PodSpecRules.Of(json.Object("spec"), "spec", []),
            "jobs" => Job(json),
            "roles" or "clusterroles" => Role(json),
            "services" => Service(json),
            "secrets" => Keys(json.Object("data"), "data"),
            "configmaps" => Keys(json.Object("data"), "data").Concat(Keys(json.Object("binaryData"), "binaryData")),
            "persistentvolumeclaims" => Claim(json),
            "rolebindings" or "clusterrolebindings" => Binding(json),
            _ => [],
        };

    private static IEnumerable<FieldError> StatefulSet(JsonObject json)
    {
        foreach (
            var (field, value) in new[]
            {
                ("metadata.name", json.Text("metadata", "name")),
                ("spec.serviceName", json.Text("spec", "serviceName")),
            }
        )
        {
            if (value?.Contains('.', StringComparison.Ordinal) == true)
            {
                yield return FieldError.Invalid(field, $"\"{value}\"", "must not contain dots");
            }
        }
    }

    private static IEnumerable<FieldError> Workload(JsonObject json)
    {
        var claims = json.Objects("spec", "volumeClaimTemplates").Select(claim => claim.Text("metadata", "name"));
        if (json.Number("spec", "replicas") is < 0 and var replicas)
        {
            yield return FieldError.Invalid("spec.replicas", $"{replicas}", "must be greater than or equal to 0");
        }

        if (json.Object("spec", "selector") is not { Count: > 0 } selector)
        {
            yield return FieldError.Required("spec.selector");
        }
        else if (
            LabelSelector.FromObject(selector)?.Matches(json.Object("spec", "template", "metadata", "labels")) != true
        )
        {
            yield return FieldError.Invalid(
                "spec.template.metadata.labels",
                GoMap(json.Object("spec", "template", "metadata", "labels")),
                "`selector` does not match template `labels`"
            );
        }

        foreach (
            var error in PodSpecRules.Of(
                json.Object("spec", "template", "spec"),
                "spec.template.spec",
                claims,
                "Always"
            )
        )
        {
            yield return error;
        }
    }

    private static IEnumerable<FieldError> Job(JsonObject json)
    {
        var spec = json.Object("spec", "template", "spec");
        return spec.Text("restartPolicy") is null or "" or "Always"
            ? [FieldError.Required("spec.template.spec.restartPolicy", "valid values: \"OnFailure\", \"Never\"")]
            : PodSpecRules.Of(spec, "spec.template.spec", [], "OnFailure", "Never");
    }

    private static IEnumerable<FieldError> Role(JsonObject json)
    {
        foreach (var (index, rule) in json.Objects("rules").Index())
        {
            if (!rule.Texts("verbs").Any())
            {
                yield return FieldError.Required($"rules[{index}].verbs", "verbs must contain at least one value");
            }
        }
    }

    private static IEnumerable<FieldError> Service(JsonObject json)
    {
        var spec = json.Object("spec");
        if (
            spec.Array("ports") is null or { Count: 0 }
            && spec.Text("clusterIP") != "None"
            && spec.Text("type") != "ExternalName"
        )
        {
            yield return FieldError.Required("spec.ports");
        }

        if (spec.Text("type") is { Length: > 0 } type && !ServiceTypes.Contains(type))
        {
            yield return FieldError.Unsupported("spec.type", $"\"{type}\"", ServiceTypes);
        }

        var index = 0;
        var several = spec.Array("ports") is { Count: > 1 };
        foreach (var port in spec.Objects("ports"))
        {
            if (several && string.IsNullOrEmpty(port.Text("name")))
            {
                yield return FieldError.Required($"spec.ports[{index}].name");
            }

            if (port.Number("port") is null or < 1 or > 65535)
            {
                yield return FieldError.Invalid(
                    $"spec.ports[{index}].port",
                    $"{port.Number("port") ?? 0}",
                    "must be between 1 and 65535, inclusive"
                );
            }

            index++;
        }
    }

    private static IEnumerable<FieldError> Claim(JsonObject json)
    {
        if (json.Array("spec", "accessModes") is null or { Count: 0 })
        {
            yield return FieldError.Required("spec.accessModes", "at least 1 access mode is required");
        }

        if (json.Text("spec", "resources", "requests", "storage") is null)
        {
            yield return FieldError.Required("spec.resources[storage]");
        }
    }

    private static IEnumerable<FieldError> Binding(JsonObject json)
    {
        if (string.IsNullOrEmpty(json.Text("roleRef", "name")))
        {
            yield return FieldError.Required("roleRef.name");
        }

        var kinds = json.Text("kind") == "RoleBinding" ? RoleKinds : RoleKinds[..1];
        if (!kinds.Contains(json.Text("roleRef", "kind")))
        {
            yield return FieldError.Unsupported("roleRef.kind", $"\"{json.Text("roleRef", "kind")}\"", kinds);
        }
    }

    private static IEnumerable<FieldError> Keys(JsonObject? data, string path)
    {
        foreach (var (key, _) in data ?? [])
        {
            if (
                key.Length is 0 or > 253
                || !key.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.')
            )
            {
                yield return FieldError.Invalid(
                    $"{path}[{key}]",
                    $"\"{key}\"",
                    "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')"
                );
            }
        }
    }

    private static string GoMap(JsonObject? map) =>
        map is null
            ? "null"
            : "{" + string.Join(",", map.Select(entry => $"\"{entry.Key}\":\"{entry.Value.Text()}\"")) + "}";
}
