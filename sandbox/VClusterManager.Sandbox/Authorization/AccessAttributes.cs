using VClusterManager.Sandbox.Api;

namespace VClusterManager.Sandbox.Authorization;

/// <summary>What someone wants to do: a verb on a resource, or on a plain path.</summary>
internal sealed record AccessAttributes(string Verb)
{
    /// <summary>Set for what is no resource.</summary>
    public string? Path { get; init; }

    public string Group { get; init; } = "";

    public string Resource { get; init; } = "";

    public string Subresource { get; init; } = "";

    /// <summary>Empty for the whole cluster.</summary>
    public string Namespace { get; init; } = "";

    public string Name { get; init; } = "";

    /// <summary>As rules write it: <c>pods/log</c>.</summary>
    public string CombinedResource => Subresource.Length == 0 ? Resource : $"{Resource}/{Subresource}";

    public static AccessAttributes Of(RequestInfo info) =>
        info.IsResource
            ? new AccessAttributes(info.Verb)
            {
                Group = info.Group,
                Resource = info.Resource,
                Subresource = info.Subresource,
                Namespace = info.Namespace,
                Name = info.Name,
            }
            : new AccessAttributes(info.Verb) { Path = info.Path };
}
