using System.Text.Json;
using System.Text.RegularExpressions;
using VClusterManager.Server.Http.Responses;

namespace VClusterManager.Server.Http.Failures;

/// <summary>
/// Explains requests that could not be read. The framework's texts name .NET types, which tell a caller nothing: they
/// are taken apart and said again in the words of the API.
/// </summary>
internal static partial class BadRequests
{
    /// <summary><see langword="null"/>: it has a status code of its own that is not in the table of problems (408, 413, 415).</summary>
    public static Problem? Explain(BadHttpRequestException exception) =>
        exception switch
        {
            RefusedRequestException refused => refused.Problem,
            { InnerException: JsonException json } => Explain(json),
            { StatusCode: not StatusCodes.Status400BadRequest } => null,
            _ => Parameter(exception.Message),
        };

    public static Problem Explain(JsonException exception)
    {
        if (Unmapped.Match(exception.Message) is { Success: true } unmapped)
        {
            return ProblemResults.Invalid(
                Join(ParentOf(exception.Path, unmapped.Groups["name"].Value), unmapped.Groups["name"].Value),
                "is not a known field"
            );
        }

        if (Duplicate.Match(exception.Message) is { Success: true } duplicate)
        {
            return new Problem(
                ProblemKind.Malformed,
                $"The body gives the field {duplicate.Groups["name"].Value} twice."
            );
        }

        if (exception.Message == ApiJson.NoText)
        {
            var field = FieldOf(exception.Path);
            return new Problem(
                ProblemKind.Malformed,
                $"{(field.Length == 0 ? "The body" : field)} holds a string with half a character (an unpaired surrogate)."
            );
        }

        if (exception.Message.StartsWith("Duplicate properties ", StringComparison.Ordinal))
        {
            var field = FieldOf(exception.Path);
            return new Problem(
                ProblemKind.Malformed,
                field.Length == 0 ? "The body gives a field twice." : $"The body gives a field of {field} twice."
            );
        }

        var missing = Missing.Match(exception.Message);
        if (missing.Success)
        {
            return ProblemResults.Invalid(missing.Groups["name"].Value, "is required");
        }

        return exception.InnerException is JsonException || !Conversion.IsMatch(exception.Message)
            ? NotJson(exception)
            : WrongType(exception);
    }

    private static Problem WrongType(JsonException exception)
    {
        var expected = ApiTypes.Words(Conversion.Match(exception.Message).Groups["type"].Value);
        var field = FieldOf(exception.Path);
        return field.Length == 0
            ? new Problem(ProblemKind.Malformed, $"The body must be {expected}.")
            : new Problem(ProblemKind.Malformed, $"{field} must be {expected}.")
            {
                Errors = new Dictionary<string, string[]> { [field] = [$"must be {expected}"] },
            };
    }

    private static Problem NotJson(JsonException exception)
    {
        var (line, column) = (exception.LineNumber + 1 ?? 1, exception.BytePositionInLine + 1 ?? 1);
        return new Problem(ProblemKind.Malformed, $"The body is not valid JSON (line {line}, column {column}).");
    }

    private static Problem Parameter(string message)
    {
        if (Unbound.Match(message) is { Success: true } unbound)
        {
            return ProblemResults.Invalid(
                ApiTypes.FieldName(unbound.Groups["name"].Value),
                $"must be {ApiTypes.Words(unbound.Groups["type"].Value)}"
            );
        }

        if (message.StartsWith("Implicit body inferred", StringComparison.Ordinal))
        {
            return new Problem(ProblemKind.Malformed, "The request needs a JSON body.");
        }

        if (NotProvided.Match(message) is { Success: true } absent)
        {
            return absent.Groups["source"].Value == "body"
                ? new Problem(ProblemKind.Malformed, "The request needs a JSON body.")
                : ProblemResults.Invalid(ApiTypes.FieldName(absent.Groups["name"].Value), "is required");
        }

        return new Problem(ProblemKind.Malformed, "The request cannot be read.");
    }

    /// <summary><c>$.labels.team</c> is <c>labels.team</c>; <c>$.values['a b'][0]</c> stays readable too.</summary>
    private static string FieldOf(string? path) => (path ?? "$").TrimStart('$').TrimStart('.');

    /// <summary>For unknown members the path may or may not hold the member itself.</summary>
    private static string ParentOf(string? path, string name)
    {
        var field = FieldOf(path);
        return field == name ? ""
            : field.EndsWith("." + name, StringComparison.Ordinal) ? field[..^(name.Length + 1)]
            : field;
    }

    private static string Join(string parent, string name) => parent.Length == 0 ? name : $"{parent}.{name}";

    private const RegexOptions Options = RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant;

    [GeneratedRegex("^The JSON property '(?<name>.*)' could not be mapped to any", Options, 1000)]
    private static partial Regex Unmapped { get; }

    [GeneratedRegex("^Duplicate property '(?<name>.*?)' encountered", Options, 1000)]
    private static partial Regex Duplicate { get; }

    [GeneratedRegex("was missing required properties.*?: '(?<name>[^']+)'", Options, 1000)]
    private static partial Regex Missing { get; }

    [GeneratedRegex("^The JSON value could not be converted to (?<type>.+?)\\. Path:", Options, 1000)]
    private static partial Regex Conversion { get; }

    [GeneratedRegex("^Failed to bind parameter \"(?<type>.+) (?<name>\\w+)\" from \"", Options, 1000)]
    private static partial Regex Unbound { get; }

    [GeneratedRegex("^Required parameter \".+ (?<name>\\w+)\" was not provided from (?<source>.+)\\.$", Options, 1000)]
    private static partial Regex NotProvided { get; }
}
