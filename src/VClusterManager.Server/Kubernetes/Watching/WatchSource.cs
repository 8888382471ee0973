using System.Text.Json;

namespace VClusterManager.Server.Kubernetes.Watching;

/// <summary>What a list-watch watches, and what it makes of it.</summary>
/// <param name="Project">What is kept of an object; <see langword="null"/>: nothing, it is of no interest.</param>
/// <param name="OnChange">Told of each change, on the watch's own thread: before and after, <see langword="null"/> where it was not or is no more.</param>
internal sealed record WatchSource<T>(
    HostQuery Query,
    Func<JsonElement, T?> Project,
    Action<NamespacedName, T?, T?> OnChange
)
    where T : class
{
    /// <summary>Whether the cache counts as synced only with it.</summary>
    public bool Required { get; init; } = true;
}
