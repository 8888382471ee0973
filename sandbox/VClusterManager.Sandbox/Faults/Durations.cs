using System.Globalization;

namespace VClusterManager.Sandbox.Faults;

/// <summary>Reads times such as <c>200ms</c>, <c>5s</c>, <c>2m</c>; a bare number counts seconds.</summary>
internal static class Durations
{
    private static readonly (string Unit, double Seconds)[] Units =
    [
        ("ms", 0.001),
        ("s", 1),
        ("m", 60),
        ("h", 3600),
        ("", 1),
    ];

    public static TimeSpan? TryParse(string? text)
    {
        foreach (var (unit, seconds) in Units)
        {
            if (
                text?.EndsWith(unit, StringComparison.Ordinal) == true
                && double.TryParse(
                    text[..^unit.Length],
                    NumberStyles.AllowDecimalPoint,
                    CultureInfo.InvariantCulture,
                    out var amount
                )
            )
            {
                return TimeSpan.FromSeconds(amount * seconds);
            }
        }

        return null;
    }
}
