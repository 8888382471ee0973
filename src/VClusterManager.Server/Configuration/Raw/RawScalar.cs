using System.Text.RegularExpressions;

namespace VClusterManager.Server.Configuration.Raw;

/// <summary>What a scalar is by YAML 1.2's core schema.</summary>
[Flags]
internal enum ScalarKinds
{
    None = 0,
    Text = 1,
    Number = 2,
    Boolean = 4,

    /// <summary>It came from a variable, which has no types: it is whatever the key asks for.</summary>
    Any = Text | Number | Boolean,
}

/// <summary>One piece of text.</summary>
/// <param name="plain">Unquoted in YAML: it may be a number, a boolean or null.</param>
internal sealed partial class RawScalar(string text, bool plain, Origin origin) : RawNode(origin)
{
    public string Text { get; } = text;

    public override bool IsNull => plain && Text is "" or "~" or "null" or "Null" or "NULL";

    public bool IsTrue => Kind == ScalarKinds.Boolean && Text.Equals("true", StringComparison.OrdinalIgnoreCase);

    public ScalarKinds Kind =>
        !plain
            ? Origin.Variable is null
                ? ScalarKinds.Text
                : ScalarKinds.Any
            : IsNull
                ? ScalarKinds.None
                : Text is "true" or "True" or "TRUE" or "false" or "False" or "FALSE"
                    ? ScalarKinds.Boolean
                    : Number.IsMatch(Text)
                        ? ScalarKinds.Number
                        : ScalarKinds.Text;

    public override string Words =>
        Kind switch
        {
            ScalarKinds.None => "nothing",
            ScalarKinds.Boolean => "true or false",
            ScalarKinds.Number => "a number",
            _ => "text",
        };

    [GeneratedRegex(
        @"^([-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|0x[0-9a-fA-F]+|0o[0-7]+|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))$",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Number { get; }
}
