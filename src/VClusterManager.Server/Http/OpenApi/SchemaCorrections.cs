using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using VClusterManager.Server.Http.Failures;

namespace VClusterManager.Server.Http.OpenApi;

/// <summary>What the framework cannot know or gets wrong in the schemas.</summary>
internal static class SchemaCorrections
{
    public static Task ApplyAsync(
        OpenApiSchema schema,
        OpenApiSchemaTransformerContext context,
        CancellationToken cancellation
    )
    {
        var whole = context.JsonTypeInfo.Type;
        var type = Nullable.GetUnderlyingType(whole) ?? whole;
        if (type == typeof(DateTimeOffset))
        {
            // Our own converter writes them.
            schema.Type = type == whole ? JsonSchemaType.String : JsonSchemaType.String | JsonSchemaType.Null;
            schema.Format = "date-time";
        }
        else if (type == typeof(JsonObject))
        {
            schema.Type = context.JsonPropertyInfo is { IsGetNullable: true }
                ? JsonSchemaType.Object | JsonSchemaType.Null
                : JsonSchemaType.Object;
        }
        else if (type.IsEnum)
        {
            schema.Type = JsonSchemaType.String;
        }

        schema.AdditionalPropertiesAllowed |= type == typeof(ProblemDocument);
        foreach (var property in context.JsonTypeInfo.Properties)
        {
            CorrectProperty(schema, property.Name, property.AttributeProvider);
        }

        return Task.CompletedTask;
    }

    /// <summary>
    /// Answers may get more members in a later version, and a reader must not stumble over them; requests are held to
    /// the letter, so that a slip of the pen does not pass in silence.
    /// </summary>
    public static void OpenAnswers(OpenApiDocument document)
    {
        var requests = document
            .Paths.Values.SelectMany(path => path.Operations ?? [])
            .SelectMany(operation => operation.Value.RequestBody?.Content ?? new Dictionary<string, OpenApiMediaType>())
            .Select(content => (content.Value.Schema as OpenApiSchemaReference)?.Reference.Id)
            .ToHashSet();
        foreach (var (name, schema) in document.Components?.Schemas ?? new Dictionary<string, IOpenApiSchema>())
        {
            if (schema is OpenApiSchema answer && !requests.Contains(name))
            {
                answer.AdditionalPropertiesAllowed = true;
                LeaveOut(answer);
            }
        }
    }

    /// <summary>What an answer need not have is left out rather than null.</summary>
    private static void LeaveOut(OpenApiSchema answer)
    {
        foreach (var (name, property) in answer.Properties?.ToList() ?? [])
        {
            if (answer.Required?.Contains(name) != true)
            {
                answer.Properties![name] = NotNull(property);
            }
        }
    }

    private static void CorrectProperty(OpenApiSchema schema, string name, ICustomAttributeProvider? attributes)
    {
        IOpenApiSchema? property = null;
        if (attributes is null || schema.Properties?.TryGetValue(name, out property) != true || property is null)
        {
            return;
        }

        if (HasNullValues(attributes) && property is OpenApiSchema { AdditionalProperties: OpenApiSchema values })
        {
            values.Type |= JsonSchemaType.Null;
        }

        if (attributes.IsDefined(typeof(RequiredAttribute), inherit: false))
        {
            (schema.Required ??= new SortedSet<string>(StringComparer.Ordinal)).Add(name);
            schema.Properties[name] = NotNull(property);
        }

        // What is left out when there is nothing to say is not always there, and never null.
        var ignored = attributes.GetCustomAttributes(typeof(JsonIgnoreAttribute), inherit: false);
        if (ignored is [JsonIgnoreAttribute { Condition: JsonIgnoreCondition.WhenWritingNull }])
        {
            schema.Required?.Remove(name);
            schema.Properties[name] = NotNull(property);
        }
    }

    /// <summary>A map in which null stands for something.</summary>
    private static bool HasNullValues(ICustomAttributeProvider attributes) =>
        attributes is PropertyInfo property
        && new NullabilityInfoContext().Create(property).GenericTypeArguments
            is [_, { ReadState: NullabilityState.Nullable }];

    private static IOpenApiSchema NotNull(IOpenApiSchema schema)
    {
        if (schema is OpenApiSchema { Type: { } type } plain)
        {
            plain.Type = type & ~JsonSchemaType.Null;
        }

        return schema.OneOf?.FirstOrDefault(s => s.Type != JsonSchemaType.Null) ?? schema;
    }
}
