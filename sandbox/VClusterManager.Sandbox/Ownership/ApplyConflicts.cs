using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Api;

namespace VClusterManager.Sandbox.Ownership;

/// <summary>Says whose fields an apply would have changed.</summary>
internal static class ApplyConflicts
{
    public static StatusException Refuse(IReadOnlyList<(Writer Writer, FieldTree Fields)> conflicts)
    {
        var all = conflicts
            .SelectMany(conflict =>
                conflict.Fields.Paths().Select(path => (Writer: Name(conflict.Writer), Path: Spell(path)))
            )
            .ToList();
        var causes = all.Select(conflict =>
            (JsonNode)Refusals.Cause("FieldManagerConflict", $"conflict with {conflict.Writer}", conflict.Path)
        );
        var message =
            all.Count == 1
                ? $"conflict with {all[0].Writer}: {all[0].Path}"
                : string.Join(
                    '\n',
                    all.GroupBy(conflict => conflict.Writer)
                        .SelectMany(group =>
                            group.Select(conflict => $"- {conflict.Path}").Prepend($"conflicts with {group.Key}:")
                        )
                );
        var plural = all.Count == 1 ? "" : "s";
        return new StatusException(
            409,
            "Conflict",
            $"Apply failed with {all.Count} conflict{plural}: {message}",
            new JsonObject { ["causes"] = new JsonArray([.. causes]) }
        );
    }

    private static string Name(Writer writer)
    {
        var name = $"\"{writer.Manager}\"";
        if (writer.Subresource.Length > 0)
        {
            name += $" with subresource \"{writer.Subresource}\"";
        }

        return writer.Operation == Writer.Update ? $"{name} using {writer.ApiVersion}" : name;
    }

    private static string Spell(IReadOnlyList<string> path) =>
        string.Concat(
            path.Select(element =>
                element[0] switch
                {
                    'k' => "[" + SpellKeys(element[2..]) + "]",
                    'v' => $"[={element[2..]}]",
                    _ => "." + element[2..],
                }
            )
        );

    private static string SpellKeys(string json) =>
        string.Join(',', ((JsonObject)JsonNode.Parse(json)!).Select(key => $"{key.Key}={key.Value!.ToJsonString()}"));
}
