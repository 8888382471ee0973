using System.Diagnostics;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.WebUtilities;

namespace VClusterManager.Server.Http.Failures;

/// <summary>What went wrong, as RFC 9457 has it.</summary>
/// <remarks>
/// The type is always <c>about:blank</c>: a failure means no more than its status code says, one kind to one code, and
/// so the title is the code's phrase. What a person needs to know is in the detail.
/// </remarks>
internal sealed record ProblemDocument
{
    /// <summary>Always <c>about:blank</c>: the status says what kind of failure it is.</summary>
    public string Type { get; init; } = "about:blank";

    /// <summary>The phrase of the status code.</summary>
    public required string Title { get; init; }

    /// <summary>The status code.</summary>
    public required int Status { get; init; }

    /// <summary>What went wrong and what to do about it, for people.</summary>
    public required string Detail { get; init; }

    /// <summary>For each field that breaks a rule, what it breaks.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    /// <summary>Names this request in the server's logs.</summary>
    public required string TraceId { get; init; }

    [JsonExtensionData]
    public IDictionary<string, object?>? Extensions { get; init; }

    public static ProblemDocument Of(Problem problem, HttpContext context) =>
        Of(ProblemTable.StatusOf(problem.Kind), problem.Detail, context) with
        {
            Errors = problem.Errors,
            Extensions = problem.Extensions is null
                ? null
                : new Dictionary<string, object?>(problem.Extensions, StringComparer.Ordinal),
        };

    public static ProblemDocument Of(int status, string detail, HttpContext context) =>
        new()
        {
            Title = ReasonPhrases.GetReasonPhrase(status),
            Status = status,
            Detail = detail,
            TraceId = TraceIdOf(context),
        };

    /// <summary>What names this request in the server's logs.</summary>
    public static string TraceIdOf(HttpContext context) =>
        Activity.Current?.TraceId.ToHexString() ?? context.TraceIdentifier;

    public Task WriteAsync(HttpContext context)
    {
        context.Response.StatusCode = Status;
        if (HttpMethods.IsHead(context.Request.Method))
        {
            return Task.CompletedTask;
        }

        return KubernetesStatus.IsAskedFor(context)
            ? KubernetesStatus.WriteAsync(context, Detail)
            : context.Response.WriteAsJsonAsync(
                this,
                Responses.ApiJson.Options,
                "application/problem+json",
                context.RequestAborted
            );
    }
}
