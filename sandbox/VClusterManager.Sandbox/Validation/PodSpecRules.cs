using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Api;
using VClusterManager.Sandbox.Json;
using VClusterManager.Sandbox.Schema;

namespace VClusterManager.Sandbox.Validation;

/// <summary>What a pod's description must hold to, in a pod and in the template of a workload.</summary>
internal static class PodSpecRules
{
    private static readonly string[] AnyRestart = ["Always", "OnFailure", "Never"];

    /// <param name="claims">Volumes that each pod gets beside those of the description, as in a StatefulSet.</param>
    /// <param name="restarts">The restart policies that whatever runs the pod can do with; none for all.</param>
    public static IEnumerable<FieldError> Of(
        JsonObject? spec,
        string path,
        IEnumerable<string?> claims,
        params string[] restarts
    )
    {
        if (spec.Array("containers") is null or { Count: 0 })
        {
            return [FieldError.Required($"{path}.containers")];
        }

        var volumes = spec.Objects("volumes").Select(volume => volume.Text("name")).Concat(claims).ToHashSet();
        return Containers(spec, "initContainers", path, volumes)
            .Concat(Containers(spec, "containers", path, volumes))
            .Concat(Restart(spec, path, restarts.Length == 0 ? AnyRestart : restarts));
    }

    private static IEnumerable<FieldError> Restart(JsonObject? spec, string path, string[] allowed)
    {
        if (spec.Text("restartPolicy") is { Length: > 0 } policy && !allowed.Contains(policy))
        {
            yield return FieldError.Unsupported($"{path}.restartPolicy", $"\"{policy}\"", allowed);
        }
    }

    private static IEnumerable<FieldError> Containers(
        JsonObject? spec,
        string list,
        string path,
        HashSet<string?> volumes
    )
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var index = 0;
        foreach (var container in spec.Objects(list))
        {
            var at = $"{path}.{list}[{index++}]";
            var name = container.Text("name") ?? "";
            foreach (var error in Name(at, name))
            {
                yield return error;
            }

            if (name.Length > 0 && !names.Add(name))
            {
                yield return new FieldError($"{at}.name", "FieldValueDuplicate", $"Duplicate value: \"{name}\"");
            }

            if (string.IsNullOrEmpty(container.Text("image")))
            {
                yield return FieldError.Required($"{at}.image");
            }

            foreach (
                var error in Ports(container, at).Concat(Mounts(container, at, volumes)).Concat(Needs(container, at))
            )
            {
                yield return error;
            }
        }
    }

    private static IEnumerable<FieldError> Name(string at, string name) =>
        name.Length == 0
            ? [FieldError.Required($"{at}.name")]
            : Names.ProblemsOfLabel(name).Select(problem => FieldError.Invalid($"{at}.name", $"\"{name}\"", problem));

    private static IEnumerable<FieldError> Ports(JsonObject container, string at)
    {
        foreach (var (index, port) in container.Objects("ports").Index())
        {
            if (port.Number("containerPort") is null or < 1 or > 65535)
            {
                yield return FieldError.Invalid(
                    $"{at}.ports[{index}].containerPort",
                    $"{port.Number("containerPort") ?? 0}",
                    "must be between 1 and 65535, inclusive"
                );
            }
        }
    }

    private static IEnumerable<FieldError> Mounts(JsonObject container, string at, HashSet<string?> volumes)
    {
        foreach (var (index, mount) in container.Objects("volumeMounts").Index())
        {
            if (!volumes.Contains(mount.Text("name")))
            {
                yield return new FieldError(
                    $"{at}.volumeMounts[{index}].name",
                    "FieldValueNotFound",
                    $"Not found: \"{mount.Text("name")}\""
                );
            }
        }
    }

    private static IEnumerable<FieldError> Needs(JsonObject container, string at)
    {
        foreach (var (name, value) in container.Object("resources", "requests") ?? [])
        {
            var limit = container.Text("resources", "limits", name);
            if (
                limit is not null
                && Quantities.Parse(value.Text()) is { } request
                && Quantities.Parse(limit) is { } most
                && request > most
            )
            {
                yield return FieldError.Invalid(
                    $"{at}.resources.requests",
                    $"\"{value.Text()}\"",
                    $"must be less than or equal to {name} limit of {limit}"
                );
            }
        }
    }
}
