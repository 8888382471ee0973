using System.Text.RegularExpressions;

namespace VClusterManager.Server.DynamicEndpoints.Definitions;

/// <summary>What a caller may give, and its bounds.</summary>
internal sealed record ParameterDefinition
{
    public required string Name { get; init; }

    public required string Description { get; init; }

    public required ParameterPlace In { get; init; }

    public required ParameterType Type { get; init; }

    /// <summary>Of the entries of a list.</summary>
    public ParameterType ItemType { get; init; } = ParameterType.String;

    public required bool Required { get; init; }

    /// <summary>What counts where it is not given; checked like what is given.</summary>
    public IReadOnlyList<string>? Default { get; init; }

    /// <summary>The whole of a text must match it.</summary>
    public Regex? Pattern { get; init; }

    /// <summary>As it was written.</summary>
    public string? PatternText { get; init; }

    /// <summary>The only values that are taken.</summary>
    public IReadOnlyList<string>? Choices { get; init; }

    /// <summary>The smallest number, or the fewest entries of a list.</summary>
    public decimal? Min { get; init; }

    /// <summary>The largest number, or the most entries of a list.</summary>
    public decimal? Max { get; init; }

    /// <summary>Characters of a text, or of each entry of a list.</summary>
    public required int MaxLength { get; init; }

    /// <summary>Whether there is always a value for it.</summary>
    public bool IsAlwaysThere => Required || Default is not null;

    public bool IsList => Type == ParameterType.List;

    /// <summary>The type of each single value.</summary>
    public ParameterType ValueType => IsList ? ItemType : Type;
}

internal enum ParameterPlace
{
    Path,
    Query,
    Body,
}

internal enum ParameterType
{
    String,
    Integer,
    Number,
    Boolean,
    Enum,

    /// <summary>A name as Kubernetes has it: lower-case letters, digits, '-' and '.'.</summary>
    K8sName,
    List,
}
