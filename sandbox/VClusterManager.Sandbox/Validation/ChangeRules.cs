using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Api;
using VClusterManager.Sandbox.Json;
using VClusterManager.Sandbox.Resources;

namespace VClusterManager.Sandbox.Validation;

/// <summary>What may not be changed once an object is there.</summary>
internal static class ChangeRules
{
    private const string Immutable = "field is immutable";

    private static readonly string[] ChangeableInStatefulSet =
    [
        "replicas",
        "ordinals",
        "template",
        "updateStrategy",
        "revisionHistoryLimit",
        "persistentVolumeClaimRetentionPolicy",
        "minReadySeconds",
    ];

    private static readonly string[] ChangeableInClaim =
    [
        "resources",
        "volumeName",
        "storageClassName",
        "volumeAttributesClassName",
    ];

    public static IEnumerable<FieldError> Of(ResourceDefinition resource, JsonObject before, JsonObject after) =>
        resource.Plural switch
        {
            "statefulsets" when DiffersBeside(before, after, ChangeableInStatefulSet) =>
            [
                FieldError.Forbidden(
                    "spec",
                    "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden"
                ),
            ],
            "deployments" or "replicasets" or "daemonsets" => Unchanged(before, after, "spec", "selector"),
            "pods" when DiffersInPod(before, after) =>
            [
                FieldError.Forbidden(
                    "spec",
                    "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)"
                ),
            ],
            "jobs" => Unchanged(before, after, "spec", "selector")
                .Concat(Unchanged(before, after, "spec", "completions"))
                .Concat(Unchanged(before, after, "spec", "template")),
            "persistentvolumeclaims" when DiffersBeside(before, after, ChangeableInClaim) =>
            [
                FieldError.Forbidden(
                    "spec",
                    "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims"
                ),
            ],
            "services" when before.Text("spec", "type") != "ExternalName" => Unchanged(
                before,
                after,
                "spec",
                "clusterIP"
            ),
            "secrets" => Unchanged(before, after, "type").Concat(Frozen(before, after)),
            "configmaps" => Frozen(before, after),
            "rolebindings" or "clusterrolebindings" when !JsonNode.DeepEquals(before["roleRef"], after["roleRef"]) =>
            [
                FieldError.Invalid("roleRef", after["roleRef"]!.ToJsonString(), "cannot change roleRef"),
            ],
            _ => [],
        };

    /// <summary>The scheduler gives a pod its node; beyond that little of it changes.</summary>
    private static bool DiffersInPod(JsonObject before, JsonObject after)
    {
        static JsonObject Rest(JsonObject json)
        {
            var rest = json.Copy();
            var spec = rest.Ensure("spec");
            foreach (var container in spec.Objects("containers").Concat(spec.Objects("initContainers")))
            {
                container.Remove("image");
            }

            return rest;
        }

        string[] changeable = ["activeDeadlineSeconds", "tolerations", "terminationGracePeriodSeconds"];
        return DiffersBeside(
            Rest(before),
            Rest(after),
            string.IsNullOrEmpty(before.Text("spec", "nodeName")) ? [.. changeable, "nodeName"] : changeable
        );
    }

    private static bool DiffersBeside(JsonObject before, JsonObject after, string[] changeable)
    {
        static JsonObject Rest(JsonObject json, string[] changeable)
        {
            var spec = json.Object("spec")?.Copy() ?? [];
            foreach (var name in changeable)
            {
                spec.Remove(name);
            }

            return spec;
        }

        return !JsonNode.DeepEquals(Rest(before, changeable), Rest(after, changeable));
    }

    private static IEnumerable<FieldError> Unchanged(JsonObject before, JsonObject after, params string[] path) =>
        JsonNode.DeepEquals(before.At(path), after.At(path))
            ? []
            : [FieldError.Invalid(string.Join('.', path), after.At(path)?.ToJsonString() ?? "null", Immutable)];

    private static IEnumerable<FieldError> Frozen(JsonObject before, JsonObject after) =>
        before.Flag("immutable") && !JsonNode.DeepEquals(before["data"], after["data"])
            ? [FieldError.Forbidden("data", $"{Immutable} when `immutable` is set")]
            : [];
}
