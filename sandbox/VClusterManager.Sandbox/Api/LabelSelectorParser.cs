using static VClusterManager.Sandbox.Api.LabelSelector;

namespace VClusterManager.Sandbox.Api;

/// <summary>Reads requirements separated by commas; a comma inside parentheses separates values.</summary>
internal sealed class LabelSelectorParser(string text)
{
    private const int MaximumLength = 63;

    private int _at;

    public IReadOnlyList<Requirement> Parse()
    {
        var requirements = new List<Requirement>();
        while (true)
        {
            requirements.Add(ReadRequirement());
            SkipSpace();
            if (_at >= text.Length)
            {
                return requirements;
            }

            if (text[_at] != ',')
            {
                throw Refusals.BadRequest($"found '{NextToken()}', expected: ',' or 'end of string'");
            }

            _at++;
        }
    }

    private Requirement ReadRequirement()
    {
        SkipSpace();
        var negated = Take('!');
        SkipSpace();
        var key = ReadWord();
        if (key.Length == 0)
        {
            throw Unexpected(Rest(), "!, identifier, or 'end of string'");
        }

        SkipSpace();
        if (negated)
        {
            return new Requirement(key, Operator.Missing, []);
        }

        if (_at >= text.Length || text[_at] == ',')
        {
            return new Requirement(key, Operator.Exists, []);
        }

        return ReadComparison(key);
    }

    private Requirement ReadComparison(string key)
    {
        if (Take("!="))
        {
            return new Requirement(key, Operator.NotIn, [ReadLabelValue(key)]);
        }

        if (Take("==") || Take("="))
        {
            return new Requirement(key, Operator.In, [ReadLabelValue(key)]);
        }

        if (Take(">"))
        {
            return new Requirement(key, Operator.Greater, [ReadNumber()]);
        }

        if (Take("<"))
        {
            return new Requirement(key, Operator.Less, [ReadNumber()]);
        }

        return ReadWord() switch
        {
            "in" => new Requirement(key, Operator.In, ReadSet()),
            "notin" => new Requirement(key, Operator.NotIn, ReadSet()),
            var other => throw Unexpected(other.Length > 0 ? other : Rest(), "in, notin, =, ==, !=, gt, lt"),
        };
    }

    private string ReadValue()
    {
        SkipSpace();
        return ReadWord();
    }

    /// <summary>The value of an equality, which has to be a label's.</summary>
    private string ReadLabelValue(string key)
    {
        var value = ReadValue();
        return value.Length <= MaximumLength && value.All(IsValueCharacter) && AreEnds(value)
            ? value
            : throw Refusals.BadRequest(
                $"unable to parse requirement: values[0][{key}]: Invalid value: \"{value}\": a valid label must be an empty string "
                    + "or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character "
                    + "(e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is "
                    + "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
            );
    }

    private static bool AreEnds(string value) =>
        value.Length == 0 || (char.IsAsciiLetterOrDigit(value[0]) && char.IsAsciiLetterOrDigit(value[^1]));

    private static bool IsValueCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.';

    private string ReadNumber()
    {
        var value = ReadValue();
        return long.TryParse(value, out _) ? value : throw Unexpected(value, "an integer");
    }

    private List<string> ReadSet()
    {
        SkipSpace();
        if (!Take('('))
        {
            throw Unexpected(Rest(), "'('");
        }

        var values = new List<string>();
        while (true)
        {
            values.Add(ReadValue());
            SkipSpace();
            if (Take(')'))
            {
                return values;
            }

            if (!Take(','))
            {
                throw Unexpected(Rest(), "',' or ')'");
            }
        }
    }

    private string ReadWord()
    {
        var from = _at;
        while (_at < text.Length && (char.IsLetterOrDigit(text[_at]) || text[_at] is '-' or '_' or '.' or '/'))
        {
            _at++;
        }

        return text[from.._at];
    }

    private bool Take(char wanted) => Take(wanted.ToString());

    private bool Take(string wanted)
    {
        if (!text.AsSpan(_at).StartsWith(wanted))
        {
            return false;
        }

        _at += wanted.Length;
        return true;
    }

    private void SkipSpace()
    {
        while (_at < text.Length && char.IsWhiteSpace(text[_at]))
        {
            _at++;
        }
    }

    private string Rest() => text[_at..];

    private string NextToken() => ReadWord() is { Length: > 0 } word ? word : text[_at..(_at + 1)];

    private static StatusException Unexpected(string found, string expected) =>
        Refusals.BadRequest($"unable to parse requirement: found '{found}', expected: {expected}");
}
