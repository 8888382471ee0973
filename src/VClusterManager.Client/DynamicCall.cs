using System.Text.Json.Nodes;
using VClusterManager.Contracts;

namespace VClusterManager.Client;

/// <summary>A call of a dynamic endpoint.</summary>
public sealed record DynamicCall
{
    /// <summary>The HTTP method.</summary>
    public required string Method { get; init; }

    /// <summary>As the list of endpoints has it, with parameters in braces: <c>/namespaces/{namespace}/pods</c>.</summary>
    public required string Path { get; init; }

    /// <summary>What goes into the path, and what is not in it into the query: an array as one for each entry.</summary>
    public JsonObject Parameters { get; init; } = [];

    /// <summary>The members of the body; null where the endpoint takes none in it.</summary>
    public JsonObject? Body { get; init; }

    /// <summary>The whole body, for a command that reads it (manifests, say). Then there is no <see cref="Body"/>.</summary>
    public string? Input { get; init; }

    /// <summary>Puts each parameter where an endpoint takes it.</summary>
    /// <param name="endpoint">One of the list.</param>
    /// <param name="parameters">By name. One that the endpoint does not know is left to the server to refuse.</param>
    /// <param name="input">What its command reads.</param>
    public static DynamicCall Of(DynamicEndpoint endpoint, JsonObject? parameters = null, string? input = null)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        var inBody = endpoint.Parameters.Where(p => p.In == "body").Select(p => p.Name).ToHashSet();
        return new DynamicCall
        {
            Method = endpoint.Method,
            Path = endpoint.Path,
            Parameters = Those(parameters, name => !inBody.Contains(name)),
            Body = inBody.Count > 0 ? Those(parameters, inBody.Contains) : null,
            Input = input,
        };
    }

    /// <summary>The address below that of the server.</summary>
    internal Uri ToUri()
    {
        var inPath = Path.Split('/').Where(s => s is ['{', .., '}']).Select(s => s[1..^1]).ToHashSet();
        var segments = Path.Split('/').Select(s => s is ['{', .., '}'] ? InPath(s[1..^1]) : s);
        var query = Parameters
            .Where(p => !inPath.Contains(p.Key) && p.Value is not null)
            .SelectMany(p => TextsOf(p.Value!).Select(text => $"{Escaped(p.Key)}={Escaped(text)}"));
        return new Uri(
            $"api/dynamic{string.Join('/', segments)}?{string.Join('&', query)}".TrimEnd('?'),
            UriKind.Relative
        );
    }

    private string InPath(string name) =>
        Parameters[name] is { } value
        && Text(value) is { Length: > 0 } text
        // Clients take these out of a path, escaped or not, and would ask for something else.
        && text is not ("." or "..")
            ? Escaped(text)
            : throw new InvalidOperationException(
                $"The path {Path} needs a value for {name}, and \".\" and \"..\" are none."
            );

    private static IEnumerable<string> TextsOf(JsonNode value) =>
        value is JsonArray list ? list.Select(Text) : [Text(value)];

    private static string Text(JsonNode? value) => value?.ToString() ?? "";

    private static string Escaped(string text) => Uri.EscapeDataString(text);

    private static JsonObject Those(JsonObject? all, Predicate<string> wanted) =>
        new((all ?? []).Where(p => wanted(p.Key)).Select(p => KeyValuePair.Create(p.Key, p.Value?.DeepClone())));
}
