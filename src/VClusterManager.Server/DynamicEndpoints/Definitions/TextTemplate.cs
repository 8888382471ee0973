using System.Text;

namespace VClusterManager.Server.DynamicEndpoints.Definitions;

/// <summary>
/// Text with places for parameters: <c>--namespace={namespace}</c>. A brace that is meant is written twice. What is put
/// into a place is data, and is not looked at again. Pure.
/// </summary>
internal sealed class TextTemplate
{
    private readonly IReadOnlyList<Part> _parts;

    private TextTemplate(string written, IReadOnlyList<Part> parts)
    {
        Written = written;
        _parts = parts;
        Parameters = [.. parts.Where(p => p.IsParameter).Select(p => p.Text).Distinct()];
        Head = parts is [{ IsParameter: false } first, ..] ? first.Text : "";
    }

    public string Written { get; }

    /// <summary>The names in it, each once, in order.</summary>
    public IReadOnlyList<string> Parameters { get; }

    /// <summary>The text before the first parameter.</summary>
    public string Head { get; }

    public bool IsLiteral => Parameters.Count == 0;

    /// <summary>It is one parameter and nothing else.</summary>
    public string? Sole => _parts is [{ IsParameter: true } only] ? only.Text : null;

    public string Fill(Func<string, string> valueOf)
    {
        switch (_parts)
        {
            case []:
                return "";
            case [var only]:
                return only.IsParameter ? valueOf(only.Text) : only.Text;
        }

        StringBuilder text = new();
        foreach (var part in _parts)
        {
            text.Append(part.IsParameter ? valueOf(part.Text) : part.Text);
        }

        return text.ToString();
    }

    /// <param name="problem">What is wrong, when it gives <see langword="null"/>.</param>
    public static TextTemplate? Parse(string written, out string problem)
    {
        problem = "";
        List<Part> parts = [];
        StringBuilder literal = new();
        for (var at = 0; at < written.Length; )
        {
            var c = written[at];
            if (c is '{' or '}' && at + 1 < written.Length && written[at + 1] == c)
            {
                literal.Append(c);
                at += 2;
            }
            else if (c == '{')
            {
                var name = NameAt(written, at + 1);
                if (name.Length == 0 || at + 1 + name.Length >= written.Length || written[at + 1 + name.Length] != '}')
                {
                    problem = "has a '{' that begins no parameter such as {name}: write '{{' for a brace that is meant";
                    return null;
                }

                Close(literal, parts);
                parts.Add(new Part(name, IsParameter: true));
                at += name.Length + 2;
            }
            else if (c == '}')
            {
                problem = "has a '}' without a '{': write '}}' for a brace that is meant";
                return null;
            }
            else
            {
                literal.Append(c);
                at++;
            }
        }

        Close(literal, parts);
        return new TextTemplate(written, parts);
    }

    /// <summary>Lower-case letters, digits and <c>_</c>, beginning with a letter.</summary>
    public static bool IsName(string text) => text.Length is > 0 and <= 63 && NameAt(text, 0) == text;

    private static string NameAt(string text, int start)
    {
        var end = start;
        while (
            end < text.Length
            && (
                char.IsAsciiLetterLower(text[end])
                || (end > start && (char.IsAsciiDigit(text[end]) || text[end] == '_'))
            )
        )
        {
            end++;
        }

        return text[start..end];
    }

    private static void Close(StringBuilder literal, List<Part> parts)
    {
        if (literal.Length > 0)
        {
            parts.Add(new Part(literal.ToString(), IsParameter: false));
            literal.Clear();
        }
    }

    private readonly record struct Part(string Text, bool IsParameter);
}

/// <summary>One entry of the list of arguments; one for each value where a list is put into it.</summary>
/// <param name="OnlyWith">The parameter that it comes with; <see langword="null"/>: it always comes.</param>
/// <param name="OnlyWhenTrue">It comes only where that parameter is true.</param>
/// <param name="IsBehindDashes">A <c>--</c> stands before it: no flag can be meant.</param>
internal sealed record PlannedArgument(TextTemplate Template, string? OnlyWith, bool OnlyWhenTrue, bool IsBehindDashes);
