using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;
using VClusterManager.Server.Http.Responses;

namespace VClusterManager.Server.Http.OpenApi;

/// <summary>The API's description of itself: the document, and a page to read it and to try it.</summary>
internal static class OpenApiSetup
{
    public const string DocumentName = "v1";
    public const string DocumentPath = "/openapi/v1.json";

    public static IServiceCollection AddApiDescription(this IServiceCollection services)
    {
        services.AddOpenApi(
            DocumentName,
            options =>
            {
                options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
                // Every GET answers HEAD: saying so at each of them helps nobody.
                options.ShouldInclude = route => route.HttpMethod != HttpMethods.Head;
                // It has no form to speak of: a name for it would only lead readers astray.
                options.CreateSchemaReferenceId = type =>
                    type.Type == typeof(JsonObject) ? null : OpenApiOptions.CreateDefaultSchemaReferenceId(type);
                options.AddDocumentTransformer(DocumentHead.ApplyAsync);
                options.AddOperationTransformer(OperationCompletion.ApplyAsync);
                options.AddSchemaTransformer(SchemaCorrections.ApplyAsync);
            }
        );
        return services.AddSingleton<ApiDocument>();
    }

    /// <summary>
    /// Open to everybody: it says no more than the source does, and whoever wants to know how to get in has no key yet.
    /// </summary>
    public static IEndpointRouteBuilder MapApiDescription(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(DocumentPath, DocumentAsync).ExcludeFromDescription().AllowAnonymous();
        routes.MapDocsPage();
        return routes;
    }

    /// <summary>The description, the same bytes for every caller.</summary>
    internal static async Task<IResult> DocumentAsync(ApiDocument document, HttpContext http)
    {
        var bytes = await document.ReadAsync();
        http.Response.Headers.CacheControl = "no-cache";
        return TypedResults.Bytes(
            bytes,
            "application/json; charset=utf-8",
            entityTag: EntityTagHeaderValue.Parse(TaggedBytes.TagOf(bytes))
        );
    }
}
