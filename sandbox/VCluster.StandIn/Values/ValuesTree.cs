using System.Text.Json.Nodes;
using VCluster.StandIn.Yaml;

namespace VCluster.StandIn.Values;

/// <summary>Values of a chart: reading, merging, looking up.</summary>
internal static class ValuesTree
{
    /// <summary>The chart's own values, under everything that is given.</summary>
    public static JsonObject Defaults()
    {
        using var stream = typeof(ValuesTree).Assembly.GetManifestResourceStream("chart/values.json")!;
        return JsonNode.Parse(stream)!.AsObject();
    }

    /// <summary>Puts <paramref name="over"/> over <paramref name="under"/>: maps merge, all else replaces, null takes away.</summary>
    public static void Merge(JsonObject under, JsonObject over, bool keepNulls = false)
    {
        foreach (var (key, value) in over)
        {
            if (value is null && !keepNulls)
            {
                under.Remove(key);
            }
            else if (value is JsonObject more && under[key] is JsonObject have)
            {
                Merge(have, more, keepNulls);
            }
            else
            {
                under[key] = value?.DeepClone();
            }
        }
    }

    /// <exception cref="ValuesException">The file is not there, or is not YAML.</exception>
    public static JsonObject ReadFile(string path)
    {
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new ValuesException($"reading values file {path}: open {path}: {Reason(path, exception)}");
        }

        try
        {
            return YamlReader.Read(text) switch
            {
                null => [],
                JsonObject values => values,
                var other => throw new ValuesException(
                    $"parse values file {path}: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal "
                        + $"{GoTypes.NameOf(other)} into Go value of type map[string]interface {{}}"
                ),
            };
        }
        catch (YamlTextException exception)
        {
            throw new ValuesException($"parse values file {path}: error converting YAML to JSON: {exception.Message}");
        }
    }

    /// <summary>The value at a dotted path; null when it is not there.</summary>
    public static JsonNode? At(JsonObject values, string path)
    {
        JsonNode? node = values;
        foreach (var key in path.Split('.'))
        {
            node = (node as JsonObject)?[key];
        }

        return node;
    }

    public static bool IsOn(JsonObject values, string path) => At(values, path)?.ToString() is "true";

    private static string Reason(string path, Exception exception) =>
        exception switch
        {
            UnauthorizedAccessException when Directory.Exists(path) => "is a directory",
            UnauthorizedAccessException => "permission denied",
            _ => "no such file or directory",
        };
}
