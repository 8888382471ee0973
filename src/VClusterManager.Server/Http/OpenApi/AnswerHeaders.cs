using System.Text.Json.Nodes;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;

namespace VClusterManager.Server.Http.OpenApi;

/// <summary>The headers of answers that callers act on.</summary>
internal static class AnswerHeaders
{
    public const string ETag = "ETag";
    public const string Location = "Location";

    public static IOpenApiHeader Describe(string name) =>
        name switch
        {
            ETag => Text(
                "The version of what is in the answer, for `If-Match` and `If-None-Match`.",
                "\"5f0c7d2ad1a1a3b0a7f2c4cf5a7d9b0e\""
            ),
            Location => Text(
                "Where to look for what becomes of it, relative to this server.",
                "/api/clusters/demo?namespace=vcluster-demo"
            ),
            _ when name == HeaderNames.RetryAfter => new OpenApiHeader
            {
                Description = "Seconds after which trying again makes sense.",
                Required = true,
                Schema = new OpenApiSchema { Type = JsonSchemaType.Integer, Minimum = "1" },
                Example = JsonValue.Create(5),
            },
            _ when name == HeaderNames.WWWAuthenticate => Text(
                "How to authenticate (RFC 6750).",
                "Bearer realm=\"vcluster-manager\""
            ),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "Not described."),
        };

    private static OpenApiHeader Text(string description, string example) =>
        new()
        {
            Description = description,
            Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            Example = JsonValue.Create(example),
        };
}
