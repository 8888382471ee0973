using System.Globalization;
using System.Numerics;

namespace VClusterManager.Sandbox.Schema;

/// <summary>Amounts such as <c>500m</c>, <c>4Gi</c>, <c>1e3</c>: spelled as the server spells them, and compared.</summary>
internal static class Quantities
{
    private static readonly (string Suffix, BigInteger Factor)[] Binary =
    [
        ("Ei", BigInteger.Pow(1024, 6)),
        ("Pi", BigInteger.Pow(1024, 5)),
        ("Ti", BigInteger.Pow(1024, 4)),
        ("Gi", BigInteger.Pow(1024, 3)),
        ("Mi", BigInteger.Pow(1024, 2)),
        ("Ki", 1024),
    ];

    private static readonly (string Suffix, int Power)[] Decimal =
    [
        ("E", 18),
        ("P", 15),
        ("T", 12),
        ("G", 9),
        ("M", 6),
        ("k", 3),
        ("", 0),
        ("m", -3),
        ("u", -6),
        ("n", -9),
    ];

    /// <summary>The spelling with the largest unit that needs no fraction; text that is no amount stays as it is.</summary>
    public static string Canonical(string text)
    {
        if (Parse(text) is not { } nano)
        {
            return text;
        }

        return text.EndsWith('i') ? CanonicalBinary(nano, text) : CanonicalDecimal(nano);
    }

    /// <summary>The amount in billionths; null when the text is none.</summary>
    public static BigInteger? Parse(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        var end = text.Length;
        while (end > 0 && !char.IsAsciiDigit(text[end - 1]) && text[end - 1] != '.')
        {
            end--;
        }

        if (!decimal.TryParse(text[..end], NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            return null;
        }

        return Scale(number, text[end..]);
    }

    private static BigInteger? Scale(decimal number, string suffix)
    {
        var nano =
            (new BigInteger(decimal.Truncate(number)) * 1_000_000_000)
            + new BigInteger(decimal.Truncate(number % 1 * 1_000_000_000m));
        foreach (var (name, factor) in Binary)
        {
            if (suffix == name)
            {
                return nano * factor;
            }
        }

        foreach (var (name, power) in Decimal)
        {
            if (suffix == name)
            {
                return power >= 0 ? nano * BigInteger.Pow(10, power) : nano / BigInteger.Pow(10, -power);
            }
        }

        return null;
    }

    private static string CanonicalBinary(BigInteger nano, string text)
    {
        var whole = nano / 1_000_000_000;
        foreach (var (suffix, factor) in Binary)
        {
            if (whole % factor == 0 && whole != 0)
            {
                return (whole / factor).ToString(CultureInfo.InvariantCulture) + suffix;
            }
        }

        return whole == 0 ? "0" : whole.ToString(CultureInfo.InvariantCulture);
    }

    private static string CanonicalDecimal(BigInteger nano)
    {
        if (nano == 0)
        {
            return "0";
        }

        foreach (var (suffix, power) in Decimal)
        {
            var unit = BigInteger.Pow(10, power + 9);
            if (nano % unit == 0)
            {
                return (nano / unit).ToString(CultureInfo.InvariantCulture) + suffix;
            }
        }

        return nano.ToString(CultureInfo.InvariantCulture) + "n";
    }
}
