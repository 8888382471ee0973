using System.Globalization;
using VClusterManager.Server.Http.Failures;

namespace VClusterManager.Server.Http.Requests;

/// <summary>Reads a time of a query: RFC 3339, with <c>Z</c> or an offset. Pure.</summary>
internal static class TimeText
{
    public const string Words = "must be a time with its offset, such as 2027-01-31T00:00:00Z";

    private static readonly string[] s_formats =
    [
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'",
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz",
    ];

    /// <param name="time"><see langword="null"/>: not given.</param>
    public static Problem? Read(string? text, string field, out DateTimeOffset? time)
    {
        time = null;
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }
        var isTime = DateTimeOffset.TryParseExact(
            text,
            s_formats,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var read
        );
        time = isTime ? read : null;
        return isTime ? null : ProblemResults.Invalid(field, Words);
    }
}
