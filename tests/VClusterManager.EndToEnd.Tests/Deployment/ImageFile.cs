using System.Text.RegularExpressions;

namespace VClusterManager.EndToEnd.Tests.Deployment;

/// <summary>The Dockerfile, read as far as the tests need it.</summary>
internal static partial class ImageFile
{
    /// <summary>Its instructions, each on one line.</summary>
    public static IReadOnlyList<string> Instructions { get; } =
    [
        .. Continued()
            .Replace(Comment().Replace(Repository.Read("Dockerfile"), ""), " ")
            .Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
    ];

    /// <summary>The user that it runs as.</summary>
    public static int User => int.Parse(Instructions.Last(line => line.StartsWith("USER ", Ordinal))["USER ".Length..]);

    /// <summary>What is taken from the repository.</summary>
    public static IEnumerable<string> Sources =>
        Instructions
            .Where(line => line.StartsWith("COPY ", Ordinal) && !line.Contains("--from=", Ordinal))
            .SelectMany(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..^1]);

    public static string? Argument(string name) =>
        Instructions.FirstOrDefault(line => line.StartsWith($"ARG {name}=", Ordinal))?.Split('=', 2)[1];

    private const StringComparison Ordinal = StringComparison.Ordinal;

    [GeneratedRegex(@"^\s*#.*$", RegexOptions.Multiline, 1000)]
    private static partial Regex Comment();

    [GeneratedRegex(@"\\\n\s*", RegexOptions.None, 1000)]
    private static partial Regex Continued();
}
