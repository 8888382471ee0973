using Microsoft.AspNetCore.WebUtilities;

namespace VClusterManager.Server.Http.Failures;

/// <summary>What to say where the framework only sets a status code.</summary>
internal static class StatusWords
{
    public static string Of(HttpContext context) =>
        context.Response.StatusCode switch
        {
            StatusCodes.Status404NotFound => $"There is nothing at {context.Request.Path}.",
            StatusCodes.Status405MethodNotAllowed =>
                $"{context.Request.Method} is not possible here; {context.Response.Headers.Allow} is.",
            StatusCodes.Status406NotAcceptable => "What the Accept header asks for cannot be given.",
            StatusCodes.Status408RequestTimeout => "The request came too slowly.",
            StatusCodes.Status413PayloadTooLarge => "The body is too large.",
            StatusCodes.Status415UnsupportedMediaType => "The body must be sent as application/json.",
            StatusCodes.Status500InternalServerError => "Internal server error",
            var status => $"{ReasonPhrases.GetReasonPhrase(status)}.",
        };
}
