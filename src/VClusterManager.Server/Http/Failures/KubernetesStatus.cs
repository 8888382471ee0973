using System.Text.Json;

namespace VClusterManager.Server.Http.Failures;

/// <summary>
/// A failure as the Kubernetes API says it (<c>meta.k8s.io/v1 Status</c>), for routes that its clients call: kubectl prints
/// its message, and acts on its reason.
/// </summary>
internal static class KubernetesStatus
{
    /// <summary>Names as the Kubernetes API writes them.</summary>
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>Failures of these routes are told this way.</summary>
    public static T AnswersAsKubernetes<T>(this T routes)
        where T : IEndpointConventionBuilder => routes.WithMetadata(new Metadata());

    public static bool IsAskedFor(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<Metadata>() is not null;

    public static Task WriteAsync(HttpContext context, string message)
    {
        var code = context.Response.StatusCode;
        return context.Response.WriteAsJsonAsync(
            new
            {
                kind = "Status",
                apiVersion = "v1",
                metadata = new { },
                status = "Failure",
                message,
                reason = ReasonOf(code),
                details = int.TryParse(context.Response.Headers.RetryAfter, out var seconds)
                    ? new { retryAfterSeconds = seconds }
                    : null,
                code,
            },
            Json,
            "application/json",
            context.RequestAborted
        );
    }

    private static string ReasonOf(int status) =>
        status switch
        {
            StatusCodes.Status400BadRequest => "BadRequest",
            StatusCodes.Status401Unauthorized => "Unauthorized",
            StatusCodes.Status403Forbidden => "Forbidden",
            StatusCodes.Status404NotFound => "NotFound",
            StatusCodes.Status405MethodNotAllowed => "MethodNotAllowed",
            StatusCodes.Status409Conflict => "Conflict",
            StatusCodes.Status413PayloadTooLarge => "RequestEntityTooLarge",
            StatusCodes.Status422UnprocessableEntity => "Invalid",
            StatusCodes.Status429TooManyRequests => "TooManyRequests",
            StatusCodes.Status500InternalServerError => "InternalError",
            StatusCodes.Status503ServiceUnavailable => "ServiceUnavailable",
            StatusCodes.Status504GatewayTimeout => "Timeout",
            _ => "Unknown",
        };

    private sealed record Metadata;
}
