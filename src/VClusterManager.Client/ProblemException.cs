using System.Net;

namespace VClusterManager.Client;

/// <summary>The server refused a request, and said why.</summary>
/// <param name="statusCode">The HTTP status.</param>
/// <param name="detail">Why, for people.</param>
/// <param name="errors">The fields that are wrong, with the reasons; null when it is not about fields.</param>
public sealed class ProblemException(
    HttpStatusCode statusCode,
    string detail,
    IReadOnlyDictionary<string, string[]>? errors
) : Exception(detail)
{
    /// <summary>The HTTP status.</summary>
    public HttpStatusCode StatusCode { get; } = statusCode;

    /// <summary>The fields that are wrong, with the reasons; null when it is not about fields.</summary>
    public IReadOnlyDictionary<string, string[]>? Errors { get; } = errors;
}
