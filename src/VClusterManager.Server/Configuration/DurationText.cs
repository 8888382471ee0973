using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace VClusterManager.Server.Configuration;

/// <summary>Durations as people write them: <c>90s</c>, <c>3m</c>, <c>1h30m</c>, <c>2d</c>. Units are d, h, m, s.</summary>
internal static partial class DurationText
{
    public const string Pattern = "^(?<d>[0-9]{1,6}d)?(?<h>[0-9]{1,6}h)?(?<m>[0-9]{1,6}m)?(?<s>[0-9]{1,8}s)?$";

    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        if (text.Length == 0 || text.EndsWith('\n') || Parts.Match(text) is not { Success: true } match)
        {
            return false;
        }

        duration =
            TimeSpan.FromDays(Part(match, "d"))
            + TimeSpan.FromHours(Part(match, "h"))
            + TimeSpan.FromMinutes(Part(match, "m"))
            + TimeSpan.FromSeconds(Part(match, "s"));
        return true;
    }

    /// <summary>Whole seconds; parts of a second are dropped.</summary>
    public static string Format(TimeSpan duration)
    {
        StringBuilder text = new();
        Append(duration.Days, 'd');
        Append(duration.Hours, 'h');
        Append(duration.Minutes, 'm');
        Append(duration.Seconds, 's');
        return text.Length == 0 ? "0s" : text.ToString();

        void Append(int number, char unit)
        {
            if (number != 0)
            {
                text.Append(CultureInfo.InvariantCulture, $"{number}{unit}");
            }
        }
    }

    private static int Part(Match match, string group) =>
        match.Groups[group].Value is { Length: > 0 } part
            ? int.Parse(part.AsSpan(0, part.Length - 1), CultureInfo.InvariantCulture)
            : 0;

    [GeneratedRegex(Pattern, RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Parts { get; }
}
