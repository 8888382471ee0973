using System.Text;

namespace VClusterManager.Sandbox.Containers.Programs;

/// <summary>A piece of a word: as it stands, or the name of a variable.</summary>
internal sealed record WordPart(string Text, bool IsVariable);

/// <summary>A word, or an operator of the shell (then there are no parts).</summary>
internal sealed record Token(IReadOnlyList<WordPart> Parts, string Operator);

/// <summary>Takes a script apart into words and operators: quotes, backslashes, variables, comments.</summary>
internal sealed class ShellSyntax(string script)
{
    private static readonly string[] Operators = ["2>&1", ">&2", "1>&2", "&&", "||", "2>", ">>", ">", "|", ";", "\n"];

    private readonly List<Token> _tokens = [];
    private readonly List<WordPart> _parts = [];
    private readonly StringBuilder _text = new();
    private bool _inWord;
    private int _at;

    public static IReadOnlyList<Token> Read(string script) => new ShellSyntax(script).Read();

    private List<Token> Read()
    {
        while (_at < script.Length)
        {
            if (OperatorHere() is { } found)
            {
                EndWord();
                _tokens.Add(new Token([], found));
                _at += found.Length;
            }
            else
            {
                ReadOne();
            }
        }

        EndWord();
        return _tokens;
    }

    private void ReadOne()
    {
        var one = script[_at++];
        switch (one)
        {
            case ' ' or '\t' or '\r':
                EndWord();
                break;
            case '#' when !_inWord:
                _at = script.IndexOf('\n', _at) is > 0 and var end ? end : script.Length;
                break;
            case '\'':
                ReadQuoted('\'', expands: false);
                break;
            case '"':
                ReadQuoted('"', expands: true);
                break;
            case '$':
                ReadVariable();
                break;
            case '\\' when _at < script.Length:
                Append(script[_at++]);
                break;
            default:
                Append(one);
                break;
        }
    }

    private string? OperatorHere() =>
        Operators.FirstOrDefault(one =>
            string.CompareOrdinal(script, _at, one, 0, one.Length) == 0 && !(_inWord && char.IsAsciiDigit(one[0]))
        );

    private void ReadQuoted(char quote, bool expands)
    {
        _inWord = true;
        while (_at < script.Length && script[_at] != quote)
        {
            var one = script[_at++];
            if (one == '$' && expands)
            {
                ReadVariable();
            }
            else if (one == '\\' && expands && _at < script.Length && script[_at] is '"' or '\\' or '$')
            {
                Append(script[_at++]);
            }
            else
            {
                Append(one);
            }
        }

        _at++;
    }

    private void ReadVariable()
    {
        var braced = _at < script.Length && script[_at] == '{';
        var start = braced ? ++_at : _at;
        if (_at < script.Length && script[_at] == '?')
        {
            _at++;
        }
        else
        {
            while (_at < script.Length && (char.IsAsciiLetterOrDigit(script[_at]) || script[_at] == '_'))
            {
                _at++;
            }
        }

        if (_at == start)
        {
            Append('$');
            return;
        }

        _inWord = true;
        EndText();
        _parts.Add(new WordPart(script[start.._at], IsVariable: true));
        _at += braced && _at < script.Length && script[_at] == '}' ? 1 : 0;
    }

    private void Append(char one)
    {
        _inWord = true;
        _text.Append(one);
    }

    private void EndText()
    {
        if (_text.Length > 0)
        {
            _parts.Add(new WordPart(_text.ToString(), IsVariable: false));
            _text.Clear();
        }
    }

    private void EndWord()
    {
        EndText();
        if (_inWord)
        {
            _tokens.Add(new Token([.. _parts], ""));
            _parts.Clear();
            _inWord = false;
        }
    }
}
