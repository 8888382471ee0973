using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using VClusterManager.Server.DynamicEndpoints.Definitions;
using VClusterManager.Server.DynamicEndpoints.Running;
using VClusterManager.Server.Http;

namespace VClusterManager.Server.DynamicEndpoints.Serving;

/// <summary>Reads from a request what an endpoint takes. All that is wrong is said at once.</summary>
internal static class RequestParameters
{
    private static readonly JsonDocumentOptions s_json = new() { AllowDuplicateProperties = false, MaxDepth = 8 };

    public static async ValueTask<Outcome<ParameterValues>> ReadAsync(HttpRequest request, EndpointDefinition endpoint)
    {
        if (endpoint.Parameters.Count == 0 && request.Query.Count == 0)
        {
            return new ParameterValues(new Dictionary<string, IReadOnlyList<string>>());
        }

        FieldErrors errors = new();
        Dictionary<string, IReadOnlyList<string>> values = new(endpoint.Parameters.Count);
        RefuseUnknown(request.Query.Keys, endpoint, ParameterPlace.Query, errors);
        foreach (var parameter in endpoint.Parameters.Where(p => p.In != ParameterPlace.Body))
        {
            Take(
                parameter,
                () =>
                    parameter.In == ParameterPlace.Path
                        ? FromPath(request, endpoint, parameter, errors)
                        : FromQuery(request, parameter)
            );
        }

        if (endpoint.Parameters.Any(p => p.In == ParameterPlace.Body))
        {
            var body = await BodyAsync(request);
            if (body.Problem is { } malformed)
            {
                return malformed;
            }

            using var document = body.Value;
            RefuseUnknown(
                document.RootElement.EnumerateObject().Select(m => m.Name),
                endpoint,
                ParameterPlace.Body,
                errors
            );
            foreach (var parameter in endpoint.Parameters.Where(p => p.In == ParameterPlace.Body))
            {
                Take(parameter, () => FromBody(document.RootElement, parameter, errors));
            }
        }

        return errors.ToProblem() is { } problem ? problem : new ParameterValues(values);

        void Take(ParameterDefinition parameter, Func<IReadOnlyList<string>?> read)
        {
            var before = errors.Count;
            var given = read();
            if (errors.Count > before)
            {
                return;
            }

            if ((given ?? parameter.Default) is not { } value)
            {
                errors.AddIf(parameter.Required ? "is required" : null, parameter.Name);
            }
            else if (given is not null && ParameterCheck.WrongWith(parameter, value) is { } wrong)
            {
                errors.Add(parameter.Name, wrong);
            }
            else
            {
                values[parameter.Name] = value;
            }
        }
    }

    /// <summary>The body as text, as it goes to the tool.</summary>
    public static async Task<Outcome<string>> BodyTextAsync(HttpRequest request)
    {
        using MemoryStream bytes = new();
        await request.Body.CopyToAsync(bytes, request.HttpContext.RequestAborted);
        try
        {
            var strict = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
            return strict.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
        }
        catch (DecoderFallbackException)
        {
            return new Problem(ProblemKind.Malformed, "The body is not text in UTF-8.");
        }
    }

    private static void RefuseUnknown(
        IEnumerable<string> given,
        EndpointDefinition endpoint,
        ParameterPlace place,
        FieldErrors errors
    )
    {
        foreach (var name in given.Where(n => endpoint.Parameter(n)?.In != place))
        {
            errors.Add(name.Length == 0 ? "query" : name, "is not known here");
        }
    }

    private static IReadOnlyList<string>? FromPath(
        HttpRequest request,
        EndpointDefinition endpoint,
        ParameterDefinition parameter,
        FieldErrors errors
    )
    {
        if (request.RouteValues[parameter.Name] is not string text)
        {
            return null;
        }

        if (PathValue.Read(request, endpoint.Path, parameter.Name, text) is { } value)
        {
            return [value];
        }

        errors.Add(parameter.Name, "must be text in UTF-8, escaped once");
        return null;
    }

    private static IReadOnlyList<string>? FromQuery(HttpRequest request, ParameterDefinition parameter) =>
        request.Query.TryGetValue(parameter.Name, out var given) && given != StringValues.Empty
            ? [.. given.Select(text => text ?? "")]
            : null;

    private static async Task<Outcome<JsonDocument>> BodyAsync(HttpRequest request)
    {
        if (request.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == false)
        {
            return JsonDocument.Parse("{}");
        }

        if (!request.HasJsonContentType())
        {
            throw new BadHttpRequestException("", StatusCodes.Status415UnsupportedMediaType);
        }

        try
        {
            var document = await JsonDocument.ParseAsync(request.Body, s_json, request.HttpContext.RequestAborted);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? document
                : new Problem(ProblemKind.Malformed, "The body must be an object.");
        }
        catch (JsonException e)
        {
            return new Problem(
                ProblemKind.Malformed,
                // Without a place it is well written, and yet says a thing twice.
                e is { LineNumber: { } line, BytePositionInLine: { } column }
                    ? $"The body is not valid JSON (line {line + 1}, column {column + 1})."
                    : "The body gives a member twice."
            );
        }
    }

    private static IReadOnlyList<string>? FromBody(JsonElement body, ParameterDefinition parameter, FieldErrors errors)
    {
        if (!body.TryGetProperty(parameter.Name, out var member) || member.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (!parameter.IsList)
        {
            return Text(member, parameter, errors) is { } text ? [text] : null;
        }

        if (member.ValueKind != JsonValueKind.Array)
        {
            errors.Add(parameter.Name, "must be a list");
            return null;
        }

        var items = member.EnumerateArray().Select(item => Text(item, parameter, errors)).TakeWhile(t => t is not null);
        return [.. items.Select(text => text!)];
    }

    /// <summary>As it was written; <see langword="null"/>: it is of another type, which has been said.</summary>
    private static string? Text(JsonElement value, ParameterDefinition parameter, FieldErrors errors)
    {
        switch (parameter.ValueType, value.ValueKind)
        {
            case (ParameterType.Integer or ParameterType.Number, JsonValueKind.Number):
                return value.GetRawText();
            case (ParameterType.Boolean, JsonValueKind.True or JsonValueKind.False):
                return value.GetRawText();
            case (ParameterType.Integer or ParameterType.Number, _):
                errors.Add(parameter.Name, "must be a number");
                return null;
            case (ParameterType.Boolean, _):
                errors.Add(parameter.Name, "must be true or false");
                return null;
            case (_, JsonValueKind.String):
                try
                {
                    return value.GetString();
                }
                catch (InvalidOperationException)
                {
                    errors.Add(parameter.Name, "is not text: half of a surrogate pair");
                    return null;
                }
            default:
                errors.Add(parameter.Name, "must be text");
                return null;
        }
    }
}
