namespace VClusterManager.Server.Http.OpenApi;

/// <summary>
/// What the description says of a parameter. Where a type of ours reads it, the framework cannot see it at all; of the
/// others it sees no more than name and type.
/// </summary>
/// <param name="In"><c>path</c>, <c>query</c> or <c>header</c>.</param>
/// <param name="Description">With the unit, where it has one.</param>
internal sealed record DescribedParameter(string Name, string In, string Description)
{
    /// <summary>A whole number; else what the handler takes, or text.</summary>
    public bool IsNumber { get; init; }

    /// <summary>For whole numbers.</summary>
    public int? Min { get; init; }

    /// <summary>For whole numbers the largest, for texts the longest.</summary>
    public int? Max { get; init; }

    /// <summary>What counts when it is not given.</summary>
    public object? Default { get; init; }

    public object? Example { get; init; }

    /// <summary>The only values that it takes.</summary>
    public IReadOnlyList<string>? Choices { get; init; }

    /// <summary>Only for those of a query that cannot be left out; those of a path never can.</summary>
    public bool Required { get; init; }
}

/// <summary>A handler's parameter type that binds itself, and can say from what.</summary>
internal interface IDescribedParameter
{
    static abstract IReadOnlyList<DescribedParameter> Describe();
}
