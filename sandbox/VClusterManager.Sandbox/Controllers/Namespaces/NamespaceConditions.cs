using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Json;
using VClusterManager.Sandbox.Registry;
using VClusterManager.Sandbox.Resources;
using VClusterManager.Sandbox.Store;

namespace VClusterManager.Sandbox.Controllers.Namespaces;

/// <summary>Says what still stands in a namespace that is to go.</summary>
internal static class NamespaceConditions
{
    public static JsonArray For(
        IReadOnlyList<(ResourceDefinition Resource, List<StoredObject> Objects)> left,
        DateTimeOffset now
    )
    {
        var content = left.Select(rest => $"{Named(rest.Resource)} has {rest.Objects.Count} resource instances")
            .Order(StringComparer.Ordinal);
        var finalizers = left.SelectMany(rest => rest.Objects)
            .SelectMany(stored => stored.Json.Texts("metadata", "finalizers"))
            .GroupBy(finalizer => finalizer)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => $"{group.Key} in {group.Count()} resource instances")
            .ToList();
        return
        [
            Condition(
                "NamespaceDeletionDiscoveryFailure",
                false,
                "ResourcesDiscovered",
                "All resources successfully discovered",
                now
            ),
            Condition(
                "NamespaceDeletionGroupVersionParsingFailure",
                false,
                "ParsedGroupVersions",
                "All legacy kube types successfully parsed",
                now
            ),
            Condition(
                "NamespaceDeletionContentFailure",
                false,
                "ContentDeleted",
                "All content successfully deleted, may be waiting on finalization",
                now
            ),
            Condition(
                "NamespaceContentRemaining",
                true,
                "SomeResourcesRemain",
                $"Some resources are remaining: {string.Join(", ", content)}",
                now
            ),
            finalizers.Count > 0
                ? Condition(
                    "NamespaceFinalizersRemaining",
                    true,
                    "SomeFinalizersRemain",
                    $"Some content in the namespace has finalizers remaining: {string.Join(", ", finalizers)}",
                    now
                )
                : Condition(
                    "NamespaceFinalizersRemaining",
                    false,
                    "ContentHasNoFinalizers",
                    "All content-preserving finalizers finished",
                    now
                ),
        ];
    }

    public static bool SameExceptTimes(JsonArray? one, JsonArray other)
    {
        static string Essence(JsonArray conditions) =>
            string.Join(
                '\n',
                conditions.Select(condition =>
                    $"{condition.Text("type")} {condition.Text("status")} {condition.Text("message")}"
                )
            );
        return one is not null && Essence(one) == Essence(other);
    }

    private static string Named(ResourceDefinition resource) => $"{resource.Plural}.{resource.Group}";

    private static JsonObject Condition(string type, bool status, string reason, string message, DateTimeOffset now) =>
        new()
        {
            ["type"] = type,
            ["status"] = status ? "True" : "False",
            ["lastTransitionTime"] = Timestamps.Format(now),
            ["reason"] = reason,
            ["message"] = message,
        };
}
