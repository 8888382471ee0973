using System.Reflection;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using VClusterManager.Server.Http.OpenApi;

namespace VClusterManager.Server.Http.Requests;

/// <summary>The header <c>If-Match</c>: <c>*</c>, or a list of entity tags. A route handler takes it as a parameter.</summary>
/// <param name="Text">As it was given, in one line; <see langword="null"/>: not given, and everything matches.</param>
internal sealed record IfMatch(string? Text) : IDescribedParameter
{
    public static IReadOnlyList<DescribedParameter> Describe() =>
        [
            new(
                HeaderNames.IfMatch,
                "header",
                "Do it only while one of these entity tags is the current one; `*` is any of them."
            )
            {
                Example = "\"5f0c7d2ad1a1a3b0a7f2c4cf5a7d9b0e\"",
            },
        ];

    public static Outcome<IfMatch> Read(StringValues header)
    {
        if (header.Count == 0)
        {
            return new IfMatch(Text: null);
        }

        return EntityTagHeaderValue.TryParseStrictList(header, out _)
            ? new IfMatch(string.Join(", ", header.ToArray()))
            : new Problem(ProblemKind.Malformed, "If-Match must be * or a list of entity tags in quotes.");
    }

    public static ValueTask<IfMatch> BindAsync(HttpContext context, ParameterInfo parameter) =>
        Bound.OrRefused(Read(context.Request.Headers.IfMatch));

    /// <summary>By strong comparison: a weak tag matches nothing.</summary>
    public bool Matches(string currentTag)
    {
        if (Text is null)
        {
            return true;
        }

        var current = EntityTagHeaderValue.Parse(currentTag);
        return EntityTagHeaderValue
            .ParseStrictList([Text])
            .Any(tag => tag.Equals(EntityTagHeaderValue.Any) || tag.Compare(current, useStrongComparison: true));
    }
}
