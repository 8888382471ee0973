namespace VClusterManager.Server.Identity;

/// <summary>
/// Text in which <c>*</c> stands for any text, also none; case matters. A pattern that matches another one, taken as
/// text, matches all that the other one matches.
/// </summary>
internal static class Glob
{
    public static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text)
    {
        // Only the last star has ever to be tried anew: what was matched before it is settled.
        var (at, star, retry) = (0, -1, 0);
        for (var i = 0; i < text.Length; )
        {
            if (at < pattern.Length && pattern[at] == '*')
            {
                (star, retry) = (at++, i);
            }
            else if (at < pattern.Length && pattern[at] == text[i])
            {
                (at, i) = (at + 1, i + 1);
            }
            else if (star >= 0)
            {
                (at, i) = (star + 1, ++retry);
            }
            else
            {
                return false;
            }
        }

        return pattern[at..].TrimStart('*').IsEmpty;
    }
}
