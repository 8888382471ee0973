using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;
using VClusterManager.Server.Http.Failures;
using VClusterManager.Server.Http.Responses;

namespace VClusterManager.Server.Http.OpenApi;

/// <summary>
/// The error answers of an operation: what any route can answer, and what its room says that it refuses. Kinds become
/// status codes by the one table; several refusals of one kind are one answer.
/// </summary>
internal static class RefusalAnswers
{
    private const string TraceId = "4bf92f3577b34da6a3ce929d0e0e4736";

    private static RefusalNote Unauthenticated { get; } =
        new(
            ProblemKind.Unauthenticated,
            "There is no credential, or it is not known or has ended.",
            "The credential is not known.",
            Field: null
        );

    private static RefusalNote TooManyRequests { get; } =
        new(
            ProblemKind.TooManyRequests,
            "The caller has sent more in a short time, or has more being answered, than one caller may (`server.limits`).",
            "Too many requests of ci came in a short time.",
            Field: null
        );

    /// <summary>What has no kind; the same for every operation that it can happen to.</summary>
    private static IReadOnlyDictionary<int, (string When, string Detail)> WithoutKind { get; } =
        new Dictionary<int, (string, string)>
        {
            [StatusCodes.Status413PayloadTooLarge] = (
                "The body is larger than the server takes (`server.limits.body_kib`, 1 MiB unless it says otherwise).",
                "The body is too large."
            ),
            [StatusCodes.Status415UnsupportedMediaType] = (
                "The body is not sent as JSON.",
                "The body must be sent as application/json."
            ),
            [StatusCodes.Status500InternalServerError] = (
                "Something that nobody foresaw. `trace_id` finds it in the server's log.",
                "Internal server error"
            ),
        };

    public static void Add(OpenApiOperation operation, IList<object> metadata, OpenApiDocument document)
    {
        SortedDictionary<string, IOpenApiResponse> answers = new(operation.Responses ?? [], StringComparer.Ordinal);
        var notes = OfAny(operation, metadata).Concat(metadata.OfType<RefusalNote>());
        foreach (var kind in notes.GroupBy(note => note.Kind))
        {
            var status = ProblemTable.StatusOf(kind.Key);
            var answer = Answer(status, [.. kind], document);
            var isShared = kind.All(note => note == Unauthenticated || note == TooManyRequests);
            answers.TryAdd(Text(status), isShared ? Shared(status, answer, document) : answer);
        }

        foreach (var (status, (when, detail)) in WithoutKind)
        {
            if (operation.RequestBody is not null || status == StatusCodes.Status500InternalServerError)
            {
                var answer = Answer(status, [new RefusalNote(default, when, detail, Field: null)], document);
                answers.TryAdd(Text(status), Shared(status, answer, document));
            }
        }

        operation.Responses = [];
        foreach (var (status, answer) in answers)
        {
            operation.Responses.Add(status, answer);
        }
    }

    private static IEnumerable<RefusalNote> OfAny(OpenApiOperation operation, IList<object> metadata)
    {
        if (!metadata.OfType<IAllowAnonymous>().Any())
        {
            var role = OperationCompletion.RoleOf(metadata);
            yield return Unauthenticated;
            yield return role is null or "viewer"
                ? new(ProblemKind.Forbidden, "The caller may not see this.", "This is not for you.", Field: null)
                : new(
                    ProblemKind.Forbidden,
                    $"The caller's role is smaller than `{role}`.",
                    $"This needs the role {role}; ci is {(role == "admin" ? "editor" : "viewer")}.",
                    Field: null
                );
        }

        if (!metadata.OfType<DisableRateLimitingAttribute>().Any())
        {
            yield return TooManyRequests;
        }

        if (operation.RequestBody is not null)
        {
            yield return new(
                ProblemKind.Malformed,
                "The body is not JSON, or a field is of the wrong type.",
                "The body is not valid JSON.",
                Field: null
            );
        }

        var typed = operation.Parameters?.FirstOrDefault(p => p.Schema is { Type: not JsonSchemaType.String });
        if (typed is { Name: { } name, Schema: { } schema })
        {
            yield return new(
                ProblemKind.Invalid,
                "A parameter is out of bounds or of the wrong type: `errors` says which.",
                schema.Type == JsonSchemaType.Boolean
                    ? "must be true or false"
                    : $"must be a whole number from {schema.Minimum} to {schema.Maximum}",
                name
            );
        }
    }

    /// <summary>Written once, and referred to.</summary>
    private static OpenApiResponseReference Shared(int status, OpenApiResponse answer, OpenApiDocument document)
    {
        var name = ReasonPhrases.GetReasonPhrase(status).Replace(" ", "", StringComparison.Ordinal);
        document.AddComponent<IOpenApiResponse>(name, answer);
        return new OpenApiResponseReference(name, document);
    }

    private static OpenApiResponse Answer(int status, IReadOnlyList<RefusalNote> notes, OpenApiDocument document)
    {
        var answer = new OpenApiResponse
        {
            Description = string.Join(' ', notes.Select(note => note.When)),
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["application/problem+json"] = new()
                {
                    Schema = new OpenApiSchemaReference(DocumentHead.ProblemSchema, document),
                    // What comes last is closest to the operation.
                    Example = Example(status, notes.LastOrDefault(note => note.Detail is not null) ?? notes[^1]),
                },
            },
        };
        var header = status switch
        {
            StatusCodes.Status401Unauthorized => HeaderNames.WWWAuthenticate,
            StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable => HeaderNames.RetryAfter,
            _ => null,
        };
        if (header is not null)
        {
            answer.Headers = new Dictionary<string, IOpenApiHeader> { [header] = AnswerHeaders.Describe(header) };
        }

        return answer;
    }

    private static JsonNode? Example(int status, RefusalNote note)
    {
        var detail = note.Detail ?? note.When;
        return JsonSerializer.SerializeToNode(
            new ProblemDocument
            {
                Title = ReasonPhrases.GetReasonPhrase(status),
                Status = status,
                Detail = note.Field is { } field ? $"{field} {detail}." : detail,
                Errors = note.Field is { } named ? new Dictionary<string, string[]> { [named] = [detail] } : null,
                TraceId = TraceId,
            },
            ApiJson.Options
        );
    }

    private static string Text(int status) => status.ToString(CultureInfo.InvariantCulture);
}
