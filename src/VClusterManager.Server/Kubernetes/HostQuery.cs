namespace VClusterManager.Server.Kubernetes;

/// <summary>A question for many objects.</summary>
/// <param name="Namespace"><see langword="null"/>: in all of them.</param>
/// <param name="Labels">A selector, as Kubernetes writes it.</param>
/// <param name="Fields">A selector, as Kubernetes writes it.</param>
internal sealed record HostQuery(
    HostResource Resource,
    string? Namespace = null,
    string? Labels = null,
    string? Fields = null,
    bool MetadataOnly = false
)
{
    private const int PageSize = 500;

    public string Page(string? next) =>
        $"{Resource.Collection(Namespace)}?limit={PageSize}{Selectors()}{(next is null ? "" : Parameter("continue", next))}";

    /// <summary>Bookmarks keep the version young while nothing happens, so that a later watch can go on from it.</summary>
    public string Watch(string version, int seconds) =>
        $"{Resource.Collection(Namespace)}?watch=true&allowWatchBookmarks=true&timeoutSeconds={seconds}"
        + $"{Selectors()}{Parameter("resourceVersion", version)}";

    private string Selectors() => Parameter("labelSelector", Labels) + Parameter("fieldSelector", Fields);

    private static string Parameter(string name, string? value) =>
        value is null ? "" : $"&{name}={Uri.EscapeDataString(value)}";
}
