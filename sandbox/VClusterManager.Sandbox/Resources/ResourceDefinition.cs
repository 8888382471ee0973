namespace VClusterManager.Sandbox.Resources;

/// <summary>One kind of object that the API serves: where it lives and what discovery says of it.</summary>
internal sealed record ResourceDefinition(string Group, string Version, string Plural, string Kind, bool Namespaced)
{
    public static readonly IReadOnlyList<string> AllVerbs =
    [
        "create",
        "delete",
        "deletecollection",
        "get",
        "list",
        "patch",
        "update",
        "watch",
    ];

    public string Singular { get; init; } = Kind.ToLowerInvariant();

    public IReadOnlyList<string> ShortNames { get; init; } = [];

    public IReadOnlyList<string> Categories { get; init; } = [];

    public IReadOnlyList<string> Verbs { get; init; } = AllVerbs;

    public IReadOnlyList<SubresourceDefinition> Subresources { get; init; } = [];

    /// <summary>The fields beside name and namespace that a field selector may name.</summary>
    public IReadOnlyList<string> SelectableFields { get; init; } = [];

    /// <summary>The resource in whose form the objects lie in the store, where that is another.</summary>
    public ResourceDefinition? StoredAs { get; init; }

    /// <summary>False for reviews and other questions that are answered and forgotten.</summary>
    public bool Stored => Verbs.Contains("list") && Plural != "componentstatuses";

    /// <summary>As it stands in an object: <c>v1</c>, <c>apps/v1</c>.</summary>
    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary>As it stands in messages: <c>pods</c>, <c>statefulsets.apps</c>.</summary>
    public string GroupResource => Group.Length == 0 ? Plural : $"{Plural}.{Group}";

    /// <summary>As it stands in messages: <c>Pod</c>, <c>StatefulSet.apps</c>.</summary>
    public string GroupKind => Group.Length == 0 ? Kind : $"{Kind}.{Group}";

    public bool HasSubresource(string name) => Subresources.Any(subresource => subresource.Name == name);

    public bool HasStatus => HasSubresource("status");
}

/// <summary>A part or an action of a resource with its own address, such as <c>scale</c>.</summary>
internal sealed record SubresourceDefinition(string Name, string Kind, IReadOnlyList<string> Verbs)
{
    /// <summary>Set where the kind comes from another group than the resource itself.</summary>
    public string? Group { get; init; }

    public string? Version { get; init; }
}
