using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using VClusterManager.Server.Http.Failures;

namespace VClusterManager.Server.Http.OpenApi;

/// <summary>What the description says of the API as a whole.</summary>
internal static class DocumentHead
{
    public const string ApiKeyScheme = "api_key";
    public const string BearerScheme = "bearer";
    public const string ProblemSchema = "Problem";

    public const string Title = "vCluster Manager";

    public static async Task ApplyAsync(
        OpenApiDocument document,
        OpenApiDocumentTransformerContext context,
        CancellationToken cancellation
    )
    {
        document.Info = new OpenApiInfo
        {
            Title = Title,
            Version = typeof(DocumentHead).Assembly.GetName().Version!.ToString(3),
            Summary = "Hands out virtual Kubernetes clusters, keeps them, and takes them away again in time.",
            Description = Introduction(),
            Contact = new OpenApiContact { Name = "The maintainers of vCluster Manager" },
            License = new OpenApiLicense
            {
                Name = "Apache-2.0",
                Url = new Uri("https://www.apache.org/licenses/LICENSE-2.0"),
            },
        };
        // Relative: whatever name and proxy the document was fetched through leads to its operations, too.
        document.Servers = [new OpenApiServer { Url = "/", Description = "This server" }];
        document.Tags = TagsOf(context);
        AddSchemes(document);
        document.AddComponent<IOpenApiSchema>(
            ProblemSchema,
            await context.GetOrCreateSchemaAsync(typeof(ProblemDocument), parameterDescription: null, cancellation)
        );
        SchemaCorrections.OpenAnswers(document);
    }

    private static HashSet<OpenApiTag> TagsOf(OpenApiDocumentTransformerContext context) =>
        [
            .. context
                .DescriptionGroups.SelectMany(group => group.Items)
                .SelectMany(item => item.ActionDescriptor.EndpointMetadata.OfType<TagNote>())
                .DistinctBy(tag => tag.Name)
                .OrderBy(tag => tag.Name, StringComparer.Ordinal)
                .Select(tag => new OpenApiTag { Name = tag.Name, Description = tag.Description }),
        ];

    private static void AddSchemes(OpenApiDocument document)
    {
        document.AddComponent<IOpenApiSecurityScheme>(
            ApiKeyScheme,
            new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey,
                In = ParameterLocation.Header,
                Name = "X-API-Key",
                Description = "An API key: of the configuration, or made with `POST /api/keys`.",
            }
        );
        document.AddComponent<IOpenApiSecurityScheme>(
            BearerScheme,
            new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description =
                    "An API key, a token of `POST /token`, or one of a trusted issuer, as `Authorization: Bearer`.",
            }
        );
    }

    private static string Introduction()
    {
        using var text = typeof(DocumentHead).Assembly.GetManifestResourceStream("Introduction.md")!;
        using var reader = new StreamReader(text);
        return reader.ReadToEnd().ReplaceLineEndings("\n").Trim();
    }
}
