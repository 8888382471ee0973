using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Json;
using VClusterManager.Sandbox.Resources;
using VClusterManager.Sandbox.Store;

namespace VClusterManager.Sandbox.Api;

/// <summary>A field selector as it stands in a query: <c>metadata.name=a,status.phase!=Running</c>.</summary>
internal sealed class FieldSelector
{
    public static readonly FieldSelector Everything = new([]);

    private readonly IReadOnlyList<(string[] Path, string Value, bool Equal)> _terms;

    private FieldSelector(IReadOnlyList<(string[] Path, string Value, bool Equal)> terms) => _terms = terms;

    /// <summary>The one name that it asks for, which makes a list of one.</summary>
    public string? Name => _terms.FirstOrDefault(term => term.Equal && term.Path is ["metadata", "name"]).Value;

    public bool IsEverything => _terms.Count == 0;

    public bool Matches(StoredObject stored) =>
        _terms.All(term => (Read(stored, term.Path) == term.Value) == term.Equal);

    public static FieldSelector Parse(string text, ResourceDefinition resource)
    {
        var terms = new List<(string[], string, bool)>();
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var (field, value, equal) = Split(part);
            if (field is not ("metadata.name" or "metadata.namespace") && !resource.SelectableFields.Contains(field))
            {
                throw Unknown(field, resource);
            }

            terms.Add((Resolve(field, resource), value, equal));
        }

        return new FieldSelector(terms);
    }

    private static (string Field, string Value, bool Equal) Split(string part)
    {
        foreach (var (sign, equal) in new[] { ("!=", false), ("==", true), ("=", true) })
        {
            var at = part.IndexOf(sign, StringComparison.Ordinal);
            if (at >= 0)
            {
                return (part[..at], part[(at + sign.Length)..], equal);
            }
        }

        throw Refusals.BadRequest($"invalid selector: '{part}'; can't understand '{part}'");
    }

    private static string[] Resolve(string field, ResourceDefinition resource) =>
        field switch
        {
            "name" => ["metadata", "name"],
            "source" when resource.Plural == "events" => ["source", "component"],
            _ when field.StartsWith("regarding.", StringComparison.Ordinal) =>
            [
                "involvedObject",
                .. field.Split('.')[1..],
            ],
            _ => field.Split('.'),
        };

    /// <summary>Most ask for a name, which is known without reading the object.</summary>
    private static string Read(StoredObject stored, string[] path) =>
        path switch
        {
            ["metadata", "name"] => stored.Name,
            ["metadata", "namespace"] => stored.Namespace,
            _ => Read(stored.Json, path),
        };

    private static string Read(JsonObject json, string[] path)
    {
        var node = json.At(path);
        return node switch
        {
            null => path is ["spec", "unschedulable" or "hostNetwork"] ? "false" : "",
            JsonValue => node.Text() ?? node.ToJsonString(),
            _ => "",
        };
    }

    private static StatusException Unknown(string field, ResourceDefinition resource) =>
        resource.SelectableFields.Count == 0
            ? Refusals.BadRequest(
                $"\"{field}\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\""
            )
            : Refusals.BadRequest($"field label not supported: {field}");
}
