using System.Net;
using System.Text.Json;

namespace VClusterManager.Server.Kubernetes.Watching;

/// <summary>What a watch tells of, one line of JSON each.</summary>
internal enum WatchEventKind
{
    /// <summary>It is there, in this version: new or changed.</summary>
    Present,

    Deleted,

    /// <summary>Nothing has happened up to this version.</summary>
    Bookmark,
}

/// <param name="Object">Lives as long as the line that it was read from.</param>
internal readonly record struct WatchEvent(WatchEventKind Kind, string Version, JsonElement Object)
{
    /// <exception cref="HostException">The line says that the watch cannot go on.</exception>
    /// <exception cref="JsonException">The line is no event.</exception>
    public static WatchEvent Read(JsonElement line)
    {
        if (
            line.ValueKind != JsonValueKind.Object
            || !line.TryGetProperty("object", out var found)
            || found.ValueKind != JsonValueKind.Object
            || !line.TryGetProperty("type", out var type)
        )
            throw new JsonException("it has no type and object");
        var kind = type.GetString() switch
        {
            "ADDED" or "MODIFIED" => WatchEventKind.Present,
            "DELETED" => WatchEventKind.Deleted,
            "BOOKMARK" => WatchEventKind.Bookmark,
            "ERROR" => throw Failure(found),
            var other => throw new JsonException($"its type is {other}"),
        };
        return
            found.TryGetProperty("metadata", out var metadata)
            && metadata.TryGetProperty("resourceVersion", out var version)
            && version.GetString() is { Length: > 0 } text
            ? new WatchEvent(kind, text, found)
            : throw new JsonException("its object has no version");
    }

    // The answer began with 200, and the error comes as an event.
    private static HostException Failure(JsonElement status)
    {
        var message = status.TryGetProperty("message", out var said) ? said.GetString() : null;
        var code = status.TryGetProperty("code", out var number) && number.TryGetInt32(out var value) ? value : 500;
        return new HostException(message ?? "the watch was ended", (HttpStatusCode)code);
    }
}
