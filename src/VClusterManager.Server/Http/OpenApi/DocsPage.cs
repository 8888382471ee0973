using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;
using Scalar.AspNetCore;

namespace VClusterManager.Server.Http.OpenApi;

/// <summary>
/// A page to read the description and to try it. All of it comes from this server: what the page's own program would
/// fetch from elsewhere is switched off, and the browser is told to refuse the rest.
/// </summary>
internal static class DocsPage
{
    public const string Path = "/docs";

    public static void MapDocsPage(this IEndpointRouteBuilder routes) =>
        routes
            .MapScalarApiReference(
                Path,
                (page, http) =>
                {
                    var nonce = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
                    http.Response.Headers.ContentSecurityPolicy = PolicyFor(nonce);
                    http.Response.Headers[HeaderNames.CacheControl] = "no-store";
                    Configure(page.WithNonce(nonce));
                }
            )
            .ExcludeFromDescription()
            .AllowAnonymous();

    private static void Configure(ScalarOptions page)
    {
        page.WithTitle($"{DocumentHead.Title}: REST API")
            .AddDocument(OpenApiSetup.DocumentName)
            .WithOpenApiRoutePattern(OpenApiSetup.DocumentPath)
            .DisableDefaultFonts()
            .DisableTelemetry()
            .DisableAgent()
            .DisableMcp()
            .HideClientButton()
            .AddPreferredSecuritySchemes(DocumentHead.ApiKeyScheme)
            .WithDefaultHttpClient(ScalarTarget.Shell, ScalarClient.Curl);
        page.ShowDeveloperTools = DeveloperToolsVisibility.Never;
        page.DotNetFlag = false;
    }

    /// <summary>
    /// Styles are the only thing that the page's program writes into the document by itself; they can neither run nor,
    /// without a place to load from, tell anybody anything.
    /// </summary>
    private static string PolicyFor(string nonce) =>
        $"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'unsafe-inline'; img-src 'self' data:; "
        + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
}
