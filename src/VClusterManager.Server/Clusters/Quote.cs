namespace VClusterManager.Server.Clusters;

/// <summary>What somebody sent, said back to them. Pure.</summary>
internal static class Quote
{
    private const int Most = 80;

    /// <summary>In quotes, and no longer than it takes to know it again.</summary>
    public static string Of(string text) => text.Length <= Most ? $"'{text}'" : $"'{text[..Most]}…'";
}
