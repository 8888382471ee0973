namespace VCluster.StandIn.Yaml;

/// <summary>The order in which Go's YAML writer puts keys: like the alphabet, but numbers inside by their value (<c>v2</c> before <c>v10</c>).</summary>
internal sealed class GoKeyOrder : IComparer<string>
{
    public static readonly GoKeyOrder Instance = new();

    public int Compare(string? x, string? y)
    {
        var (a, b) = (x ?? "", y ?? "");
        for (var i = 0; i < a.Length && i < b.Length; i++)
        {
            if (a[i] == b[i])
            {
                continue;
            }

            var (aLetter, bLetter) = (char.IsLetter(a[i]), char.IsLetter(b[i]));
            if (aLetter || bLetter)
            {
                return aLetter && bLetter ? a[i].CompareTo(b[i]) : (bLetter ? -1 : 1);
            }

            return char.IsAsciiDigit(a[i]) && char.IsAsciiDigit(b[i]) ? CompareNumbers(a, b, i) : a[i].CompareTo(b[i]);
        }

        return a.Length.CompareTo(b.Length);
    }

    private static int CompareNumbers(string a, string b, int from)
    {
        var (an, bn) = (Digits(a, from), Digits(b, from));
        return an.Length != bn.Length ? an.Length.CompareTo(bn.Length) : string.CompareOrdinal(an, bn);
    }

    private static string Digits(string text, int from)
    {
        var end = from;
        while (end < text.Length && char.IsAsciiDigit(text[end]))
        {
            end++;
        }

        return text[from..end].TrimStart('0');
    }
}
