using System.Globalization;
using System.Text.Json.Nodes;

namespace VCluster.StandIn.Yaml;

/// <summary>What a plain YAML 1.1 word means: a bool, a number, nothing, or itself.</summary>
internal static class YamlScalar
{
    /// <summary>The value that <paramref name="text"/> stands for when it is not quoted.</summary>
    public static JsonNode? Resolve(string text)
    {
        switch (text)
        {
            case "" or "~" or "null" or "Null" or "NULL":
                return null;
            case "true" or "True" or "TRUE" or "yes" or "Yes" or "YES" or "y" or "Y" or "on" or "On" or "ON":
                return JsonValue.Create(true);
            case "false" or "False" or "FALSE" or "no" or "No" or "NO" or "n" or "N" or "off" or "Off" or "OFF":
                return JsonValue.Create(false);
        }

        if (!char.IsAsciiDigit(text[0]) && text[0] is not ('-' or '+' or '.'))
        {
            return JsonValue.Create(text);
        }

        if (Integer(text) is { } integer)
        {
            return JsonValue.Create(integer);
        }

        return IsFloat(text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? JsonValue.Create(number)
            : JsonValue.Create(text);
    }

    /// <summary>Whether <paramref name="text"/> would be read as something else than a string.</summary>
    public static bool IsOtherThanString(string text) =>
        Resolve(text) is not JsonValue value
        || value.GetValueKind() != System.Text.Json.JsonValueKind.String
        || IsTime(text);

    private static long? Integer(string text)
    {
        var plain = text.Replace("_", "", StringComparison.Ordinal);
        var negative = plain.StartsWith('-');
        var digits = plain.TrimStart('-', '+');
        if (plain.Length - digits.Length > 1 || digits.Length == 0)
        {
            return null;
        }

        long value;
        var parsed = digits switch
        {
            ['0', 'x', .. var hex] => long.TryParse(hex, NumberStyles.AllowHexSpecifier, null, out value),
            ['0', 'b', .. var bits] => long.TryParse(bits, NumberStyles.AllowBinarySpecifier, null, out value),
            ['0', 'o', .. var octal] => TryOctal(octal, out value),
            ['0', _, ..] => TryOctal(digits[1..], out value),
            _ => long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out value),
        };
        return parsed ? (negative ? -value : value) : null;
    }

    private static bool TryOctal(string digits, out long value)
    {
        value = 0;
        foreach (var digit in digits)
        {
            if (digit is < '0' or > '7')
            {
                return false;
            }

            value = (value * 8) + (digit - '0');
        }

        return digits.Length > 0;
    }

    /// <summary>Digits with at most one point and an exponent: <c>3.20</c> is a number, <c>1.2.3</c> and <c>1-2</c> are not.</summary>
    private static bool IsFloat(string text)
    {
        var mantissa = text.Split('e', 'E') is [var head, ..] ? head.TrimStart('-', '+') : text;
        return mantissa.Any(char.IsAsciiDigit)
            && mantissa.Count(c => c == '.') <= 1
            && mantissa.All(c => char.IsAsciiDigit(c) || c == '.');
    }

    /// <summary>A date or a time of day is quoted when written, although it is read as a string.</summary>
    private static bool IsTime(string text) =>
        text.Length >= 8
        && char.IsAsciiDigit(text[0])
        && text.IndexOf('-', StringComparison.Ordinal) == 4
        && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _);
}
