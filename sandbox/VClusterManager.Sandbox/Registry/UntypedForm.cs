using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Json;

namespace VClusterManager.Sandbox.Registry;

/// <summary>The members of an object whose type is not known, in the order in which the API writes them.</summary>
internal static class UntypedForm
{
    private static readonly string[] Top = ["kind", "apiVersion", "metadata"];

    private static readonly string[] Metadata =
    [
        "name",
        "generateName",
        "namespace",
        "selfLink",
        "uid",
        "resourceVersion",
        "generation",
        "creationTimestamp",
        "deletionTimestamp",
        "deletionGracePeriodSeconds",
        "labels",
        "annotations",
        "ownerReferences",
        "finalizers",
        "managedFields",
    ];

    public static JsonObject Arrange(JsonObject json)
    {
        var arranged = Reorder(json, Top);
        var metadata = Reorder(arranged.Ensure("metadata"), Metadata);
        arranged["metadata"] = metadata;
        foreach (var name in new[] { "labels", "annotations" })
        {
            if (metadata.Object(name) is { } map)
            {
                Sort(metadata, name, map);
            }
        }

        return arranged;
    }

    private static void Sort(JsonObject parent, string name, JsonObject map)
    {
        if (map.Count == 0)
        {
            parent.Remove(name);
        }
        else
        {
            parent[name] = new JsonObject(
                map.OrderBy(entry => entry.Key, StringComparer.Ordinal)
                    .Select(entry => KeyValuePair.Create(entry.Key, entry.Value?.DeepClone()))
            );
        }
    }

    private static JsonObject Reorder(JsonObject json, string[] order)
    {
        var members = json.ToList();
        json.Clear();
        var arranged = new JsonObject();
        foreach (var name in order)
        {
            var at = members.FindIndex(member => member.Key == name);
            if (at >= 0)
            {
                if (members[at].Value is not null)
                {
                    arranged[name] = members[at].Value;
                }

                members.RemoveAt(at);
            }
        }

        foreach (var (name, value) in members)
        {
            arranged[name] = value;
        }

        return arranged;
    }
}
