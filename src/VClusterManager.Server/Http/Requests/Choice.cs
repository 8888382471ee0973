namespace VClusterManager.Server.Http.Requests;

/// <summary>Reads one of a few words. Pure.</summary>
internal static class Choice
{
    /// <summary>By its name alone: <see cref="Enum"/> itself would also take numbers, signs and lists.</summary>
    public static bool TryRead<T>(string word, out T choice)
        where T : struct, Enum
    {
        foreach (var known in Enum.GetValues<T>())
        {
            if (known.ToString().Equals(word, StringComparison.OrdinalIgnoreCase))
            {
                choice = known;
                return true;
            }
        }

        choice = default;
        return false;
    }
}
