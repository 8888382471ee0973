using System.Diagnostics.CodeAnalysis;

namespace VClusterManager.Server.Clusters;

/// <summary>
/// A name that works for all that is made of it. The chart makes a Service of it, so it begins with a letter; pods and
/// generated names are longer than it, so it has at most 48 characters. The CLI checks none of this: it fails half way.
/// </summary>
internal readonly record struct ClusterName
{
    public const int MaxLength = 48;

    private ClusterName(string value) => Value = value;

    public string Value { get; }

    public static bool TryParse(string? text, out ClusterName name, [NotNullWhen(false)] out string? error)
    {
        name = default;
        error = text switch
        {
            null or "" => "is required",
            { Length: > MaxLength } => $"has {text.Length} characters; at most {MaxLength} are allowed",
            _ when !char.IsAsciiLetterLower(text[0]) => "must begin with a lower-case letter (a-z)",
            _ when text[^1] == '-' => "must end with a letter or digit",
            _ when !text.All(IsAllowed) => "may hold only lower-case letters, digits and '-'",
            _ => null,
        };
        if (error is not null)
        {
            return false;
        }
        name = new ClusterName(text!);
        return true;
    }

    public override string ToString() => Value;

    internal static bool IsAllowed(char c) => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-';
}
