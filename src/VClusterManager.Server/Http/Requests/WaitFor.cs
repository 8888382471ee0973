using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.Extensions.Primitives;
using VClusterManager.Server.Http.Failures;
using VClusterManager.Server.Http.OpenApi;

namespace VClusterManager.Server.Http.Requests;

/// <summary>
/// How long the caller wants to wait for the outcome: <c>?wait=SECONDS</c>, or <c>Prefer: wait=SECONDS</c> (RFC 7240).
/// A route handler takes it as a parameter.
/// </summary>
/// <param name="Time"><see langword="null"/>: not at all.</param>
internal sealed record WaitFor(TimeSpan? Time) : IDescribedParameter
{
    public const int MaxSeconds = 300;

    private static readonly string Words = $"must be a whole number of seconds from 0 to {MaxSeconds}";

    public static IReadOnlyList<DescribedParameter> Describe() =>
        [
            new("wait", "query", "Seconds to wait for the outcome; the answer comes at once when it is not given.")
            {
                IsNumber = true,
                Min = 0,
                Max = MaxSeconds,
                Example = 60,
            },
            new("Prefer", "header", "`wait=SECONDS` (RFC 7240): the same as the parameter `wait`, which beats it.")
            {
                Example = "wait=60",
            },
        ];

    public static Outcome<WaitFor> Read(IQueryCollection query, StringValues prefer)
    {
        if (SingleValue.Read(query["wait"], "wait", out var given) is { } twice)
        {
            return twice;
        }

        if (given is not null)
        {
            return Parse(given) is { } asked ? new WaitFor(asked) : ProblemResults.Invalid("wait", Words);
        }

        // Preferences that are not known are to be ignored; of one that is given twice the first counts.
        var wait = prefer
            .SelectMany(line => (line ?? "").Split(',', ';'))
            .Select(preference => preference.Split('=', 2, StringSplitOptions.TrimEntries))
            .FirstOrDefault(parts => parts[0].Equals("wait", StringComparison.OrdinalIgnoreCase));
        if (wait is null)
        {
            return new WaitFor(Time: null);
        }

        return wait is [_, var seconds] && Parse(seconds.Trim('"')) is { } time
            ? new WaitFor(time)
            : ProblemResults.Invalid("Prefer", $"has wait, which {Words}");
    }

    public static ValueTask<WaitFor> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var read = Read(context.Request.Query, context.Request.Headers["Prefer"]);
        if (read.Problem is null && read.Value.Time is not null)
        {
            // It may take as long as was asked for.
            context.Features.Get<IHttpRequestTimeoutFeature>()?.DisableTimeout();
        }
        return Bound.OrRefused(read);
    }

    private static TimeSpan? Parse(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds <= MaxSeconds
            ? TimeSpan.FromSeconds(seconds)
            : null;
}
