using System.Text.Json.Nodes;

namespace VClusterManager.Server.VCluster;

/// <summary>Finds what an editor may not set: it could reach the host. Pure.</summary>
/// <remarks>
/// A denied path covers everything below it, but for <c>resources</c> and <c>persistence</c> of the workload. Wherever
/// they stand, also inside lists, images, host paths and privileged containers are denied. Names are compared as the CLI
/// compares them, which reads JSON without regard to case. What stands above a denied path must be a map: a null or
/// a scalar in its place would take away what configuration has set there.
/// </remarks>
internal sealed class DeniedValues(IReadOnlyList<string> deniedPaths)
{
    private static readonly string[] Allowed =
    [
        Folded("controlPlane.statefulSet.resources"),
        Folded("controlPlane.statefulSet.persistence"),
    ];

    private static readonly string[] DeniedAnywhere = ["image", "images", "hostpath", "privileged"];

    private readonly string[] _denied = [.. deniedPaths.Select(Folded)];

    public IReadOnlyList<string> Find(JsonObject values)
    {
        var found = new List<string>();
        FindInMap(values, "", found);
        return found;
    }

    private void FindInMap(JsonObject map, string parent, List<string> found)
    {
        foreach (var (key, value) in map)
        {
            var path = parent.Length == 0 ? key : $"{parent}.{key}";
            if (IsDenied(Folded(path), Folded(key), value))
                found.Add(path);
            else
                FindBelow(value, path, found);
        }
    }

    private void FindBelow(JsonNode? value, string path, List<string> found)
    {
        if (value is JsonObject map)
            FindInMap(map, path, found);
        else if (value is JsonArray list)
        {
            for (var i = 0; i < list.Count; i++)
                FindBelow(list[i], $"{path}[{i}]", found);
        }
    }

    private bool IsDenied(string path, string key, JsonNode? value)
    {
        if (DeniedAnywhere.Contains(key))
            return true;
        // A longer path than the exception can still be denied by configuration.
        var allowed = Allowed.Where(a => Covers(a, path)).Select(a => a.Length).DefaultIfEmpty(0).Max();
        if (_denied.Any(d => Covers(d, path) && d.Length > allowed))
            return !IsWayToAllowed(path, value);
        return value is not JsonObject && _denied.Any(d => Covers(path, d));
    }

    // controlPlane.statefulSet is denied, and yet has to be written to get at its resources.
    private static bool IsWayToAllowed(string path, JsonNode? value) =>
        value is JsonObject && Allowed.Any(a => a != path && Covers(path, a));

    private static bool Covers(string upper, string lower) =>
        lower.StartsWith(upper, StringComparison.Ordinal)
        && (lower.Length == upper.Length || lower[upper.Length] is '.' or '[');

    // As encoding/json folds: letters of either case, and the two other characters whose upper case is a Latin letter.
    private static string Folded(string text) => text.Replace('\u017F', 's').Replace('\u212A', 'k').ToLowerInvariant();
}
