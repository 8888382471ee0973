using System.Text.Json.Nodes;

namespace VCluster.StandIn.Values;

/// <summary>
/// Which keys vcluster.yaml may have and of what type: what the chart's defaults show, and a list of what they do not.
/// Refuses the rest as the strict decoder of the real CLI does: the first fault in the order of the keys.
/// </summary>
internal sealed class KnownKeys
{
    private readonly List<(string[] Path, string Type)> _types = [];
    private readonly List<(string[] Path, string Name)> _names = [];

    public KnownKeys()
    {
        using var stream = typeof(KnownKeys).Assembly.GetManifestResourceStream("values/known-keys.txt")!;
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#'))
            {
                continue;
            }

            if (line.Split(": ", 2) is [var path, var type])
            {
                _types.Add((path.Split('.'), type));
            }
            else if (line.Split(" = ", 2) is [var at, var name])
            {
                _names.Add((at.Split('.'), name));
            }
        }
    }

    /// <exception cref="ValuesException">A key is unknown or a value is of the wrong type.</exception>
    public void Check(JsonObject values, JsonObject defaults) => Check(values, defaults, []);

    private void Check(JsonObject values, JsonObject? defaults, List<string> path)
    {
        foreach (var (key, value) in values.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            path.Add(key);
            var type =
                TypeAt(path)
                ?? (defaults is not null && defaults.ContainsKey(key) ? GoTypes.TypeOf(defaults[key]) : null)
                ?? throw Refuse($"unknown field \"{key}\"");
            CheckValue(value, type, defaults?[key] as JsonObject, path);
            path.RemoveAt(path.Count - 1);
        }
    }

    private void CheckValue(JsonNode? value, string type, JsonObject? defaults, List<string> path)
    {
        if (value is null)
        {
            return;
        }

        if (!GoTypes.Fits(type, value))
        {
            throw WrongType(value, type, path);
        }

        switch (type)
        {
            case "struct":
                Check(value.AsObject(), defaults, path);
                break;
            case "map[string]string":
                CheckItems(value.AsObject().Select(pair => pair.Value), path);
                break;
            case "[]string":
                CheckItems(value.AsArray(), path);
                break;
        }
    }

    private void CheckItems(IEnumerable<JsonNode?> items, List<string> path)
    {
        foreach (var item in items)
        {
            if (item is not null && !GoTypes.Fits("string", item))
            {
                throw WrongType(item, "string", path);
            }
        }
    }

    private ValuesException WrongType(JsonNode value, string type, List<string> path)
    {
        var name = GoTypes.NameOf(value);
        var shown = name == "number" && type is "int" or "int32" ? $"number {value.ToJsonString()}" : name;
        return Refuse(
            $"cannot unmarshal {shown} into Go struct field {NameAt(path[..^1])}.{string.Join('.', path)}"
                + $" of type {GoTypes.Written(type, NameAt(path))}"
        );
    }

    private static ValuesException Refuse(string reason) =>
        new($"invalid config: error unmarshaling JSON: while decoding JSON: json: {reason}");

    private string? TypeAt(List<string> path) => _types.FirstOrDefault(known => Matches(known.Path, 0, path, 0)).Type;

    /// <summary>What the decoder calls the struct at a path; its key with a capital where that is not known.</summary>
    private string NameAt(List<string> path) =>
        path.Count == 0
            ? "Config"
            : _names.FirstOrDefault(known => Matches(known.Path, 0, path, 0)).Name
                ?? char.ToUpperInvariant(path[^1][0]) + path[^1][1..];

    private static bool Matches(string[] pattern, int at, List<string> path, int from)
    {
        if (at == pattern.Length || from == path.Count)
        {
            return at == pattern.Length && from == path.Count;
        }

        return pattern[at] == "**"
            ? Matches(pattern, at + 1, path, from) || Matches(pattern, at, path, from + 1)
            : (pattern[at] == "*" || pattern[at] == path[from]) && Matches(pattern, at + 1, path, from + 1);
    }
}
