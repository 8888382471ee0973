using System.Globalization;
using Microsoft.Extensions.Primitives;
using VClusterManager.Server.Http.Failures;

namespace VClusterManager.Server.Http.Requests;

/// <summary>Reads what may be given once. Pure.</summary>
internal static class SingleValue
{
    /// <summary>The text; <see langword="null"/>: not given, or empty.</summary>
    public static Problem? Read(StringValues values, string field, out string? text)
    {
        text = string.IsNullOrEmpty(values.ToString()) ? null : values.ToString();
        return values.Count > 1 ? ProblemResults.Invalid(field, "must be given only once") : null;
    }

    /// <summary>A whole number within bounds; <see langword="null"/>: not given.</summary>
    public static Problem? ReadInteger(StringValues values, string field, int min, int max, out int? number)
    {
        number = null;
        if (Read(values, field, out var text) is { } problem)
        {
            return problem;
        }

        if (text is null)
        {
            return null;
        }

        if (
            !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed)
            || parsed < min
            || parsed > max
        )
        {
            return ProblemResults.Invalid(field, $"must be a whole number from {min} to {max}");
        }

        number = parsed;
        return null;
    }
}
