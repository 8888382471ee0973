using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authorization;
using Microsoft.OpenApi;
using VClusterManager.Server.DynamicEndpoints.Definitions;
using VClusterManager.Server.Http;
using VClusterManager.Server.Http.OpenApi;
using VClusterManager.Server.Identity;

namespace VClusterManager.Server.DynamicEndpoints.Serving;

/// <summary>What the description of the API says of the endpoints that are served. Of their commands it says nothing.</summary>
internal static class EndpointOperations
{
    public const string Tag = "dynamic";

    public static void Add(OpenApiDocument document, IReadOnlyList<EndpointDefinition> endpoints)
    {
        foreach (var byPath in endpoints.GroupBy(e => e.Path, StringComparer.Ordinal))
        {
            OpenApiPathItem item = new() { Operations = new Dictionary<HttpMethod, OpenApiOperation>() };
            foreach (var endpoint in byPath)
            {
                item.Operations[new HttpMethod(endpoint.Method)] = Describe(document, endpoint);
            }

            document.Paths.Add(EndpointSource.Prefix + byPath.Key, item);
        }
    }

    private static OpenApiOperation Describe(OpenApiDocument document, EndpointDefinition endpoint)
    {
        OpenApiOperation operation = new()
        {
            OperationId = $"dynamic-{endpoint.Name}",
            Summary = endpoint.Name,
            Description = endpoint.Description,
            Tags = new HashSet<OpenApiTagReference> { new(Tag, document) },
            Parameters = [.. endpoint.Parameters.Where(p => p.In != ParameterPlace.Body).Select(Parameter)],
            RequestBody = Body(endpoint),
            Responses = new OpenApiResponses { ["200"] = Answer(endpoint.Output) },
        };
        OperationCompletion.AddRefusals(operation, [.. Notes(endpoint)], document);
        return operation;
    }

    private static IEnumerable<object> Notes(EndpointDefinition endpoint)
    {
        yield return new AuthorizeAttribute(endpoint.Role.ToWord());
        yield return Refusal(
            ProblemKind.Forbidden,
            "Or the caller is bound to some of the host, or the manager may not do this there."
        );
        yield return Refusal(ProblemKind.NotFound, "What it is asked for is not there.", "There is no such object.");
        if (endpoint.Parameters.Count > 0)
        {
            yield return new RefusalNote(
                ProblemKind.Invalid,
                "A parameter is missing, not known or not what it must be: `errors` says which.",
                "is not known here",
                endpoint.Parameters[0].Name
            );
        }

        yield return Refusal(
            ProblemKind.ToolFailed,
            "The command has failed, or its answer is not what it should be.",
            $"{endpoint.Name} failed and said nothing on standard error (exit code 1)."
        );
        yield return Refusal(ProblemKind.Unavailable, "The host or a tool is away.", "The host cannot be read now.");
        yield return Refusal(
            ProblemKind.TimedOut,
            "The command did not end in its time and was stopped.",
            $"{endpoint.Name} did not end within 30s and was stopped."
        );
    }

    private static RefusalNote Refusal(ProblemKind kind, string when, string? detail = null) =>
        new(kind, when, detail, Field: null);

    private static OpenApiParameter Parameter(ParameterDefinition parameter) =>
        new()
        {
            Name = parameter.Name,
            In = parameter.In == ParameterPlace.Path ? ParameterLocation.Path : ParameterLocation.Query,
            Required = parameter.Required,
            Description = parameter.Description.Length > 0 ? parameter.Description : $"The {parameter.Name}.",
            Schema = Schema(parameter),
        };

    private static OpenApiRequestBody? Body(EndpointDefinition endpoint)
    {
        if (endpoint.StdinIsBody)
        {
            return new OpenApiRequestBody
            {
                Required = true,
                Description = "Read by the command as it is.",
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    ["text/plain"] = new()
                    {
                        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                        Example = JsonValue.Create("..."),
                    },
                },
            };
        }

        var members = endpoint.Parameters.Where(p => p.In == ParameterPlace.Body).ToList();
        return members.Count == 0
            ? null
            : new OpenApiRequestBody
            {
                Required = members.Exists(p => p.Required),
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    ["application/json"] = new()
                    {
                        Schema = new OpenApiSchema
                        {
                            Type = JsonSchemaType.Object,
                            Properties = members.ToDictionary(p => p.Name, Described),
                            Required = members.Where(p => p.Required).Select(p => p.Name).ToHashSet(),
                            AdditionalPropertiesAllowed = false,
                        },
                        Example = new JsonObject(
                            members.Where(p => p.Required).Select(p => KeyValuePair.Create(p.Name, ExampleOf(p)))
                        ),
                    },
                },
            };
    }

    private static OpenApiResponse Answer(EndpointOutput output) =>
        new()
        {
            Description =
                output == EndpointOutput.Stream ? "What the command says, as it says it." : "What the command says.",
            Content = new Dictionary<string, OpenApiMediaType>
            {
                [output == EndpointOutput.Json ? "application/json" : "text/plain"] = new()
                {
                    Schema =
                        output == EndpointOutput.Json
                            ? new OpenApiSchema()
                            : new OpenApiSchema { Type = JsonSchemaType.String },
                    Example = output == EndpointOutput.Json ? new JsonObject() : JsonValue.Create("..."),
                },
            },
        };

    private static IOpenApiSchema Described(ParameterDefinition parameter)
    {
        var schema = Schema(parameter);
        schema.Description = parameter.Description;
        return schema;
    }

    private static OpenApiSchema Schema(ParameterDefinition parameter)
    {
        if (!parameter.IsList)
        {
            var single = Value(parameter);
            single.Minimum = Text(parameter.Min);
            single.Maximum = Text(parameter.Max);
            single.Default = parameter.Default is { } value ? Node(parameter, value[0]) : null;
            return single;
        }

        return new OpenApiSchema
        {
            Type = JsonSchemaType.Array,
            Items = Value(parameter),
            MinItems = (int?)parameter.Min,
            MaxItems = (int?)parameter.Max,
            Default = parameter.Default is { } all ? new JsonArray([.. all.Select(one => Node(parameter, one))]) : null,
        };
    }

    private static OpenApiSchema Value(ParameterDefinition parameter) =>
        new()
        {
            Type = parameter.ValueType switch
            {
                ParameterType.Integer => JsonSchemaType.Integer,
                ParameterType.Number => JsonSchemaType.Number,
                ParameterType.Boolean => JsonSchemaType.Boolean,
                _ => JsonSchemaType.String,
            },
            Pattern =
                parameter.ValueType == ParameterType.K8sName ? "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$"
                : parameter.PatternText is { } pattern ? $"^(?:{pattern})$"
                : null,
            MaxLength = parameter.ValueType switch
            {
                ParameterType.String => parameter.MaxLength,
                ParameterType.K8sName => 253,
                _ => null,
            },
            Enum = parameter.Choices?.Select(choice => (JsonNode)JsonValue.Create(choice)).ToList(),
        };

    private static JsonNode? ExampleOf(ParameterDefinition parameter)
    {
        var text =
            parameter.Choices?[0]
            ?? parameter.ValueType switch
            {
                ParameterType.Integer or ParameterType.Number => Text(parameter.IsList ? 1 : parameter.Min ?? 1)!,
                ParameterType.Boolean => "true",
                ParameterType.K8sName => "demo",
                _ => "...",
            };
        var value = Node(parameter, text);
        return parameter.IsList ? new JsonArray(value) : value;
    }

    private static JsonNode? Node(ParameterDefinition parameter, string text) =>
        parameter.ValueType switch
        {
            ParameterType.Integer or ParameterType.Number or ParameterType.Boolean => JsonNode.Parse(text),
            _ => JsonValue.Create(text),
        };

    private static string? Text(decimal? number) => number?.ToString(CultureInfo.InvariantCulture);
}
