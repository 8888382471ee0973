using System.Net;
using System.Text.Json;

namespace VClusterManager.Server.Kubernetes;

/// <summary>The host has not given what it was asked for. Stays inside this room, where it becomes an answer.</summary>
internal sealed class HostException(string message, HttpStatusCode? status = null, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>What the host answered with; <see langword="null"/>: it did not answer.</summary>
    public HttpStatusCode? Status { get; } = status;

    /// <summary>
    /// The API server itself says that this object is not there. A 404 alone does not: a wrong address or a proxy in
    /// between answers so to everything, and must not make clusters look gone.
    /// </summary>
    public bool IsMissing { get; private init; }

    /// <summary>The host answered, and what it answered cannot be understood: asking again would bring the same.</summary>
    public bool IsGarbled { get; init; }

    /// <summary>The host is there and has decided: asking again would bring the same.</summary>
    public bool IsRefusal =>
        Status is { } status
        && (int)status is >= 400 and < 500
        && status
            is not (HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout or HttpStatusCode.Unauthorized);

    /// <summary>Reads the <c>Status</c> object that the API server sends with every error; a proxy in between may send anything.</summary>
    public static async Task<HostException> FromAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        var message = $"{(int)response.StatusCode} {response.ReasonPhrase}";
        var missing = false;
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(cancellation);
            using var document = await JsonDocument.ParseAsync(body, cancellationToken: cancellation);
            var status = document.RootElement;
            if (Text(status, "kind") == "Status" && Text(status, "message") is { Length: > 0 } said)
            {
                message = said;
                missing =
                    Text(status, "reason") == "NotFound"
                    && status.TryGetProperty("details", out var details)
                    && Text(details, "name") is not null;
            }
        }
        catch (Exception e) when (e is JsonException or IOException or HttpRequestException)
        {
            // The status line must do.
        }

        return new HostException(message, response.StatusCode) { IsMissing = missing };
    }

    private static string? Text(JsonElement map, string key) =>
        map.ValueKind == JsonValueKind.Object
        && map.TryGetProperty(key, out var value)
        && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    /// <summary>Puts a broken connection into words.</summary>
    public static HostException From(Exception exception)
    {
        var cause = exception;
        // The outer ones only say that something within has failed.
        while (cause.InnerException is not null)
            cause = cause.InnerException;
        return new HostException($"the host's API cannot be reached: {cause.Message}", null, exception);
    }
}
