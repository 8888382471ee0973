using System.Text;

namespace VCluster.StandIn.Yaml;

/// <summary>How a string is written: plain where that reads back as the same, else quoted, and as a block when it has lines.</summary>
internal static class YamlText
{
    /// <summary>On one line.</summary>
    public static string Inline(string value)
    {
        if (YamlScalar.IsOtherThanString(value) || value.Any(c => c is '\n' or '\r' or '\t' || char.IsControl(c)))
        {
            return DoubleQuoted(value);
        }

        return CanBePlain(value) ? value : $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";
    }

    /// <summary>As a literal block under a key when it has several lines.</summary>
    public static string Block(string value, int indent)
    {
        if (!value.Contains('\n') || value.Any(c => c is '\r' || (char.IsControl(c) && c is not ('\n' or '\t'))))
        {
            return Inline(value);
        }

        var body = value.TrimEnd('\n');
        var ends = value.Length - body.Length;
        var text = new StringBuilder("|");
        if (value[0] is ' ' or '\n')
        {
            text.Append('2');
        }

        text.Append(
            ends switch
            {
                0 => "-",
                1 => "",
                _ => "+",
            }
        );
        foreach (var line in (ends > 1 ? value[..^1] : body).Split('\n'))
        {
            text.Append('\n');
            if (line.Length > 0)
            {
                text.Append(' ', indent).Append(line);
            }
        }

        return text.ToString();
    }

    private static bool CanBePlain(string value)
    {
        if (value[0] == ' ' || value[^1] is ' ' or ':' || "#,[]{}&*!|>'\"%@`".Contains(value[0]))
        {
            return false;
        }

        if (value[0] is '-' or '?' or ':' && (value.Length == 1 || value[1] == ' '))
        {
            return false;
        }

        return !value.StartsWith("---", StringComparison.Ordinal)
            && !value.Contains(": ", StringComparison.Ordinal)
            && !value.Contains(" #", StringComparison.Ordinal);
    }

    private static string DoubleQuoted(string value)
    {
        var text = new StringBuilder("\"");
        foreach (var c in value)
        {
            text.Append(
                c switch
                {
                    '"' => "\\\"",
                    '\\' => "\\\\",
                    '\n' => "\\n",
                    '\r' => "\\r",
                    '\t' => "\\t",
                    _ when char.IsControl(c) => $"\\x{(int)c:X2}",
                    _ => c.ToString(),
                }
            );
        }

        return text.Append('"').ToString();
    }
}
