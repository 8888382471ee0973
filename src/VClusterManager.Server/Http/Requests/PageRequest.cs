using System.Reflection;
using VClusterManager.Server.Http.Failures;
using VClusterManager.Server.Http.OpenApi;

namespace VClusterManager.Server.Http.Requests;

/// <summary>Which part of a list: <c>limit</c> and <c>cursor</c>. A route handler takes it as a parameter.</summary>
/// <param name="Limit">Entries at most.</param>
/// <param name="After">The sort key to begin after; <see langword="null"/>: from the start.</param>
internal sealed record PageRequest(int Limit, IReadOnlyList<string>? After) : IDescribedParameter
{
    public const int DefaultLimit = 50;
    public const int MaxLimit = 500;

    /// <summary>The cursor can be read, but is none of this list's.</summary>
    public static Problem BadCursor { get; } =
        ProblemResults.Invalid("cursor", "must be the next_cursor of an earlier page of this list");

    public static IReadOnlyList<DescribedParameter> Describe() =>
        [
            new("limit", "query", "Entries on a page at most.")
            {
                IsNumber = true,
                Min = 1,
                Max = MaxLimit,
                Default = DefaultLimit,
                Example = 20,
            },
            new("cursor", "query", "The `next_cursor` of the page before; the first page when it is not given."),
        ];

    public static Outcome<PageRequest> Read(IQueryCollection query)
    {
        string? cursor = null;
        var problem =
            SingleValue.ReadInteger(query["limit"], "limit", 1, MaxLimit, out var limit)
            ?? SingleValue.Read(query["cursor"], "cursor", out cursor);
        if (problem is not null)
        {
            return problem;
        }

        var after = cursor is null ? null : Cursor.Decode(cursor);
        return cursor is not null && after is null ? BadCursor : new PageRequest(limit ?? DefaultLimit, after);
    }

    public static ValueTask<PageRequest> BindAsync(HttpContext context, ParameterInfo parameter) =>
        Bound.OrRefused(Read(context.Request.Query));
}
