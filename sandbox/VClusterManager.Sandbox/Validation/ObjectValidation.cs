using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Api;
using VClusterManager.Sandbox.Json;
using VClusterManager.Sandbox.Resources;

namespace VClusterManager.Sandbox.Validation;

/// <summary>Refuses objects that break the rules of their kind, naming every broken one.</summary>
internal static class ObjectValidation
{
    private const string RbacGroup = "rbac.authorization.k8s.io";

    private static readonly string[] StandardFinalizers = ["kubernetes", "orphan", "foregroundDeletion"];

    private static readonly (string Field, string What)[] OwnerFields =
    [
        ("apiVersion", "version"),
        ("kind", "kind"),
        ("name", "name"),
        ("uid", "uid"),
    ];

    public static void CheckNew(ResourceDefinition resource, JsonObject json)
    {
        var errors = Metadata(resource, json).Concat(KindRules.ForNew(resource, json)).ToList();
        Refuse(resource, json, errors);
    }

    public static void CheckChanged(ResourceDefinition resource, JsonObject before, JsonObject after)
    {
        var errors = Labels(after)
            .Concat(KindRules.ForNew(resource, after))
            .Concat(ChangeRules.Of(resource, before, after))
            .ToList();
        Refuse(resource, after, errors);
    }

    private static void Refuse(ResourceDefinition resource, JsonObject json, List<FieldError> errors)
    {
        if (errors.Count > 0)
        {
            throw Refusals.Invalid(resource.Group, resource.Kind, json.Text("metadata", "name") ?? "", errors);
        }
    }

    private static IEnumerable<FieldError> Metadata(ResourceDefinition resource, JsonObject json)
    {
        var name = json.Text("metadata", "name") ?? "";
        if (name.Length == 0)
        {
            return [FieldError.Required("metadata.name", "name or generateName is required")];
        }

        var problems =
            resource == ResourceCatalog.Namespaces ? Names.ProblemsOfLabel(name)
            : resource == ResourceCatalog.Services ? Names.ProblemsOfService(name)
            : resource.Group == RbacGroup ? Names.ProblemsOfPathSegment(name)
            : Names.ProblemsOfSubdomain(name);
        return problems
            .Select(problem => FieldError.Invalid("metadata.name", $"\"{name}\"", problem))
            .Concat(Labels(json));
    }

    private static IEnumerable<FieldError> Labels(JsonObject json)
    {
        foreach (var (key, value) in json.Object("metadata", "labels") ?? [])
        {
            foreach (var problem in Names.ProblemsOfKey(key))
            {
                yield return FieldError.Invalid("metadata.labels", $"\"{key}\"", problem);
            }

            foreach (var problem in Names.ProblemsOfLabelValue(value.Text() ?? ""))
            {
                yield return FieldError.Invalid("metadata.labels", $"\"{value.Text()}\"", problem);
            }
        }

        foreach (var (key, _) in json.Object("metadata", "annotations") ?? [])
        {
            foreach (var problem in Names.ProblemsOfKey(key.ToLowerInvariant()))
            {
                yield return FieldError.Invalid("metadata.annotations", $"\"{key}\"", problem);
            }
        }

        foreach (var error in Finalizers(json).Concat(Owners(json)))
        {
            yield return error;
        }
    }

    private static IEnumerable<FieldError> Finalizers(JsonObject json) =>
        json.Texts("metadata", "finalizers")
            .Index()
            .Where(one => !StandardFinalizers.Contains(one.Item) && !one.Item.Contains('/', StringComparison.Ordinal))
            .Select(one =>
                FieldError.Invalid(
                    $"metadata.finalizers[{one.Index}]",
                    $"\"{one.Item}\"",
                    "name is neither a standard finalizer name nor is it fully qualified"
                )
            );

    private static IEnumerable<FieldError> Owners(JsonObject json)
    {
        foreach (var (index, owner) in json.Objects("metadata", "ownerReferences").Index())
        {
            foreach (var (field, what) in OwnerFields)
            {
                if (string.IsNullOrEmpty(owner.Text(field)))
                {
                    var at = $"metadata.ownerReferences[{index}].{field}";
                    yield return FieldError.Invalid(at, "\"\"", $"{what} must not be empty");
                }
            }
        }
    }
}
