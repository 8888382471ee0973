using VClusterManager.Contracts;
using VClusterManager.Server.Audit;
using VClusterManager.Server.DynamicEndpoints.Definitions;
using VClusterManager.Server.DynamicEndpoints.Reading;
using VClusterManager.Server.DynamicEndpoints.Running;
using VClusterManager.Server.Http;
using VClusterManager.Server.Http.Failures;
using VClusterManager.Server.Http.OpenApi;
using VClusterManager.Server.Http.Responses;
using VClusterManager.Server.Identity;

namespace VClusterManager.Server.DynamicEndpoints.Serving;

/// <summary>The routes about the endpoints themselves.</summary>
internal static class ListEndpoints
{
    private const string Yaml = "application/yaml";

    private static DynamicEndpointList Example { get; } =
        new([
            new DynamicEndpoint
            {
                Name = "pods",
                Method = "GET",
                Path = "/namespaces/{namespace}/pods",
                Description = "The pods of a namespace of the host.",
                Role = "viewer",
                Parameters =
                [
                    new DynamicParameter
                    {
                        Name = "namespace",
                        In = "path",
                        Type = "k8s-name",
                        Required = true,
                        Description = "The namespace.",
                    },
                ],
            },
        ]);

    private const string ExampleFile = """
        endpoints:
          - name: pods
            description: The pods of a namespace of the host.
            path: /namespaces/{namespace}/pods
            role: viewer
            command: kubectl
            args: [get, pods, "--namespace={namespace}", --output=json]
            output: json
            parameters:
              namespace: { in: path, type: k8s-name, description: The namespace. }

        """;

    public static void MapEndpointList(this IEndpointRouteBuilder routes)
    {
        var group = routes
            .MapGroup("")
            .Tagged(EndpointOperations.Tag, "Endpoints that the operator of this server has written.");
        group
            .MapGet(EndpointSource.Prefix, List)
            .RequireRole(Role.Viewer)
            .WithName("listDynamicEndpoints")
            .Answers(200, "The endpoints.", Example);
        group
            .MapPost(EndpointSource.Prefix + ":validate", ValidateAsync)
            .RequireRole(Role.Admin)
            .ChangesNothing()
            .WithName("validateDynamicEndpoints")
            .TakesText(Yaml, ExampleFile)
            .Answers(200, "All is well: the endpoints that it would make.", Example)
            .Refuses(
                ProblemKind.Invalid,
                "Something is wrong: `errors` has all of it, by key and with lines.",
                "line 7: may not be --token: who asks whom, and how, is not for an endpoint to change",
                "endpoints[0].args[3]"
            );
    }

    /// <summary>List dynamic endpoints</summary>
    /// <remarks>
    /// Those that the caller may call, with what they take, in the order of their file. A path is served below
    /// <c>/api/dynamic</c>.
    /// </remarks>
    internal static IResult List(HttpContext http, EndpointSource source)
    {
        var who = http.GetPrincipal();
        return TypedResults.Json(Show(source.Definitions.Where(e => CallerRights.MayCall(who, e))), ApiJson.Options);
    }

    /// <summary>Check a file of dynamic endpoints</summary>
    /// <remarks>The body is the YAML text. All that is wrong with it is said; it is not used.</remarks>
    internal static async Task<IResult> ValidateAsync(HttpContext http, CommandRunner runner)
    {
        var text = await RequestParameters.BodyTextAsync(http.Request);
        if (text.Problem is { } unreadable)
        {
            return unreadable.ToResult();
        }

        return EndpointsFile.Read(text.Value, runner.Commands) switch
        {
            EndpointsResult.Valid valid => TypedResults.Json(Show(valid.Endpoints), ApiJson.Options),
            EndpointsResult.Invalid invalid => Refusal(invalid.Errors).ToResult(),
            _ => throw new InvalidOperationException("There is no third result."),
        };
    }

    private static Problem Refusal(IReadOnlyList<EndpointError> errors) =>
        new(
            ProblemKind.Invalid,
            $"{(errors.Count == 1 ? "1 error" : $"{errors.Count} errors")}. {WithLine(errors[0], errors[0].Words)}."
        )
        {
            Errors = errors
                .GroupBy(e => e.Key.Length == 0 ? "file" : e.Key)
                .ToDictionary(g => g.Key, g => g.Select(e => WithLine(e, e.Message)).ToArray()),
        };

    private static string WithLine(EndpointError error, string words) =>
        error.Line is { } line ? $"line {line}: {words}" : words;

    private static DynamicEndpointList Show(IEnumerable<EndpointDefinition> endpoints) =>
        new([
            .. endpoints.Select(e => new DynamicEndpoint
            {
                Name = e.Name,
                Method = e.Method,
                Path = e.Path,
                Description = e.Description,
                Role = e.Role.ToWord(),
                Parameters = [.. e.Parameters.Select(Show)],
            }),
        ]);

    private static DynamicParameter Show(ParameterDefinition parameter) =>
        new()
        {
            Name = parameter.Name,
            In = parameter.In.ToString().ToLowerInvariant(),
            Type = ParameterReader.WordOf(parameter.Type),
            Required = parameter.Required,
            Description = parameter.Description,
            Default = parameter.Default,
            Enum = parameter.Choices,
            Pattern = parameter.PatternText,
            Min = parameter.Min,
            Max = parameter.Max,
            MaxLength = parameter.ValueType == ParameterType.String ? parameter.MaxLength : null,
        };
}
