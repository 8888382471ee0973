using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using VClusterManager.Server.Http.Responses;

namespace VClusterManager.Server.Http.OpenApi;

/// <summary>Adds to each operation what its room says of it, and what holds for all.</summary>
internal static class OperationCompletion
{
    /// <summary>For requests: nobody writes down what they do not ask for.</summary>
    private static readonly JsonSerializerOptions Sparse = new(ApiJson.Options)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static async Task ApplyAsync(
        OpenApiOperation operation,
        OpenApiOperationTransformerContext context,
        CancellationToken cancellation
    )
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        AddParameters(operation, metadata);
        await DescribeBodyAsync(operation, metadata.OfType<RequestNote>().LastOrDefault(), context, cancellation);
        DescribeAnswers(operation, metadata);
        AddRefusals(operation, metadata, context.Document!);
    }

    /// <summary>Who may come, and what is answered to the others and to bad requests.</summary>
    public static void AddRefusals(OpenApiOperation operation, IList<object> metadata, OpenApiDocument document)
    {
        if (!metadata.OfType<IAllowAnonymous>().Any())
        {
            AddSecurity(operation, metadata, document);
        }

        RefusalAnswers.Add(operation, metadata, document);
    }

    private static void AddSecurity(OpenApiOperation operation, IList<object> metadata, OpenApiDocument document)
    {
        operation.Security =
        [
            new() { [new OpenApiSecuritySchemeReference(DocumentHead.ApiKeyScheme, document)] = [] },
            new() { [new OpenApiSecuritySchemeReference(DocumentHead.BearerScheme, document)] = [] },
        ];
        if (RoleOf(metadata) is { } role)
        {
            operation.Description = $"{operation.Description}\n\nNeeds the role `{role}`.".Trim();
        }
    }

    /// <summary>What a route asks for counts more than what its group does.</summary>
    public static string? RoleOf(IList<object> metadata) => metadata.OfType<IAuthorizeData>().LastOrDefault()?.Policy;

    private static void AddParameters(OpenApiOperation operation, IList<object> metadata)
    {
        var handler = metadata.OfType<MethodInfo>().FirstOrDefault();
        var bound = (handler?.GetParameters() ?? []).SelectMany(p => DescribedBy(p.ParameterType));
        operation.Parameters ??= [];
        foreach (var described in bound.Concat(metadata.OfType<DescribedParameter>()))
        {
            var known = operation.Parameters.OfType<OpenApiParameter>().FirstOrDefault(p => p.Name == described.Name);
            if (known is null)
            {
                known = new OpenApiParameter { Name = described.Name, Schema = new OpenApiSchema() };
                operation.Parameters.Add(known);
            }

            Complete(known, described);
        }
    }

    private static void Complete(OpenApiParameter parameter, DescribedParameter described)
    {
        parameter.In = described.In switch
        {
            "path" => ParameterLocation.Path,
            "query" => ParameterLocation.Query,
            _ => ParameterLocation.Header,
        };
        parameter.Description = described.Description;
        parameter.Required |= described.Required;
        SetExample(parameter, NodeOf(described.Example));
        if (parameter.Schema is not OpenApiSchema schema)
        {
            return;
        }

        schema.Type ??= described.IsNumber ? JsonSchemaType.Integer : JsonSchemaType.String;
        schema.Default ??= NodeOf(described.Default);
        schema.Enum ??= described.Choices?.Select(choice => (JsonNode)JsonValue.Create(choice)).ToList();
        if (schema.Type == JsonSchemaType.Integer)
        {
            schema.Minimum = described.Min?.ToString(CultureInfo.InvariantCulture);
            schema.Maximum = described.Max?.ToString(CultureInfo.InvariantCulture);
        }
        else
        {
            schema.MaxLength = described.Max;
        }
    }

    private static async Task DescribeBodyAsync(
        OpenApiOperation operation,
        RequestNote? body,
        OpenApiOperationTransformerContext context,
        CancellationToken cancellation
    )
    {
        if (body?.FormOrJson is not null)
        {
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Content = new Dictionary<string, OpenApiMediaType>(),
            };
        }

        if (body?.Text is { } text)
        {
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    [text] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.String } },
                },
            };
        }

        if (body is null || operation.RequestBody?.Content is not { } content)
        {
            return;
        }

        if ((body.MergePatch ?? body.FormOrJson) is { } type)
        {
            var schema = await context.GetOrCreateSchemaAsync(type, parameterDescription: null, cancellation);
            context.Document!.AddComponent<IOpenApiSchema>(type.Name, schema);
            var beside = body.FormOrJson is null ? "application/merge-patch+json" : "application/x-www-form-urlencoded";
            foreach (var mediaType in (string[])["application/json", beside])
            {
                content[mediaType] = new() { Schema = new OpenApiSchemaReference(type.Name, context.Document) };
            }
        }

        SetExample(content, NodeOf(body.Example, Sparse));
    }

    private static void DescribeAnswers(OpenApiOperation operation, IList<object> metadata)
    {
        foreach (var note in metadata.OfType<AnswerNote>())
        {
            var status = note.Status.ToString(CultureInfo.InvariantCulture);
            // The framework knows nothing of answers without a body.
            operation.Responses ??= [];
            operation.Responses.TryAdd(status, new OpenApiResponse());
            if (operation.Responses[status] is not OpenApiResponse answer)
            {
                continue;
            }

            answer.Description = note.Description;
            SetExample(answer.Content, NodeOf(note.Example));
            foreach (var header in note.Headers)
            {
                (answer.Headers ??= new Dictionary<string, IOpenApiHeader>())[header] = AnswerHeaders.Describe(header);
            }
        }
    }

    /// <summary>
    /// The page to try it fills in what examples say. Of what may be left out it must not: a filter that matches nothing
    /// and a key that was used before are no way to try anything.
    /// </summary>
    private static void SetExample(OpenApiParameter parameter, JsonNode? value)
    {
        if (parameter.Required || value is null)
        {
            parameter.Example = value;
            return;
        }

        var off = new JsonNodeExtension(JsonValue.Create(true));
        parameter.Examples = new Dictionary<string, IOpenApiExample>
        {
            ["default"] = new OpenApiExample
            {
                Value = value,
                Extensions = new Dictionary<string, IOpenApiExtension> { ["x-disabled"] = off },
            },
        };
    }

    private static void SetExample(IDictionary<string, OpenApiMediaType>? content, JsonNode? example)
    {
        foreach (var media in content?.Values ?? [])
        {
            media.Example = example?.DeepClone();
        }
    }

    private static JsonNode? NodeOf(object? value, JsonSerializerOptions? options = null) =>
        value is null ? null : JsonSerializer.SerializeToNode(value, value.GetType(), options ?? ApiJson.Options);

    private static IReadOnlyList<DescribedParameter> DescribedBy(Type type) =>
        type.IsAssignableTo(typeof(IDescribedParameter))
            ? (IReadOnlyList<DescribedParameter>)
                type.GetMethod(nameof(IDescribedParameter.Describe), BindingFlags.Public | BindingFlags.Static)!
                    .Invoke(null, null)!
            : [];
}
