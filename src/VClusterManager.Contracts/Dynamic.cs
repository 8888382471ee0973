using System.Text.Json.Serialization;

namespace VClusterManager.Contracts;

/// <summary>The answer of <c>GET /api/dynamic</c>.</summary>
/// <param name="Endpoints">Those that the caller may call, in the order of their file.</param>
public sealed record DynamicEndpointList(IReadOnlyList<DynamicEndpoint> Endpoints);

/// <summary>An endpoint that an operator has written.</summary>
public sealed record DynamicEndpoint
{
    /// <summary>Its name, unique in its file.</summary>
    public required string Name { get; init; }

    /// <summary>The HTTP method.</summary>
    public required string Method { get; init; }

    /// <summary>Where it is below <c>/api/dynamic</c>, with parameters in braces: <c>/namespaces/{namespace}/pods</c>.</summary>
    public required string Path { get; init; }

    /// <summary>What it does.</summary>
    public required string Description { get; init; }

    /// <summary>The smallest role that may call it.</summary>
    public required string Role { get; init; }

    /// <summary>What it takes.</summary>
    public required IReadOnlyList<DynamicParameter> Parameters { get; init; }
}

/// <summary>What a dynamic endpoint takes. What does not apply is left out.</summary>
public sealed record DynamicParameter
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary><c>path</c>, <c>query</c>, or <c>body</c> (a member of a JSON object).</summary>
    public required string In { get; init; }

    /// <summary><c>string</c>, <c>integer</c>, <c>number</c>, <c>boolean</c>, <c>enum</c>, <c>k8s-name</c> or <c>list</c>.</summary>
    public required string Type { get; init; }

    /// <summary>It cannot be left out.</summary>
    public required bool Required { get; init; }

    /// <summary>What it is.</summary>
    public required string Description { get; init; }

    /// <summary>What counts where it is not given.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Default { get; init; }

    /// <summary>The only values that it takes.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Enum { get; init; }

    /// <summary>A regular expression that the whole of it must match.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Pattern { get; init; }

    /// <summary>The smallest number, or the fewest entries of a list.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public decimal? Min { get; init; }

    /// <summary>The largest number, or the most entries of a list.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public decimal? Max { get; init; }

    /// <summary>The most characters of a text.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? MaxLength { get; init; }
}
