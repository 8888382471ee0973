using System.Text.Json.Serialization;

namespace VClusterManager.Server.Identity;

/// <summary>What somebody is bound to within a role. Admins are bound to nothing.</summary>
internal sealed record Limits
{
    public const int MostClusters = 100_000;
    public const int MostTtlHours = 720;

    public static Limits None { get; } = new();

    /// <summary>Patterns, of which one must match; <see langword="null"/>: all namespaces.</summary>
    public IReadOnlyList<string>? Namespaces { get; init; }

    /// <summary>Clusters of others are neither seen nor touched.</summary>
    public bool OwnClusters { get; init; }

    /// <summary>How many clusters one may have at once; <see langword="null"/>: no limit.</summary>
    public int? MaxClusters { get; init; }

    /// <summary>How many hours after its creation a cluster ends at the latest; <see langword="null"/>: no limit.</summary>
    public int? MaxTtlHours { get; init; }

    /// <summary>Some of what is there is not seen.</summary>
    [JsonIgnore]
    public bool HideSome => Namespaces is not null || OwnClusters;

    [JsonIgnore]
    public bool AreNone => !HideSome && MaxClusters is null && MaxTtlHours is null;

    public bool Allow(string @namespace) =>
        Namespaces is null || Namespaces.Any(pattern => Glob.Matches(pattern, @namespace));

    /// <summary>What is wrong with them for this role; <see langword="null"/>: nothing.</summary>
    public string? WrongFor(Role role) =>
        role == Role.Admin && !AreNone ? "binds an admin, who may do everything: make it an editor"
        : Namespaces is [] ? "has an empty list of namespaces: leave it away, or name one"
        : null;

    /// <summary>
    /// What is left of them inside others. A pattern counts only as long as one of the others covers it whole, so what
    /// was narrowed outside can only become less inside.
    /// </summary>
    public Limits Within(Limits outer) =>
        new()
        {
            Namespaces =
                Namespaces is null ? outer.Namespaces
                : outer.Namespaces is null ? Namespaces
                : [.. Namespaces.Where(outer.Allow)],
            OwnClusters = OwnClusters || outer.OwnClusters,
            MaxClusters = Smaller(MaxClusters, outer.MaxClusters),
            MaxTtlHours = Smaller(MaxTtlHours, outer.MaxTtlHours),
        };

    private static int? Smaller(int? one, int? other) => one is null || other < one ? other : one;
}

/// <summary>How namespaces are written that somebody is bound to.</summary>
internal static class NamespacePattern
{
    public const string Words = "a namespace, in which * stands for any text";
    public const string Expression = "^[a-z0-9*]([a-z0-9*-]*[a-z0-9*])?$";
    public const int MaxLength = 63;
    public const int MostOfThem = 50;

    public static bool IsValid(string text) =>
        text.Length is > 0 and <= MaxLength
        && text.All(c => c is '*' or '-' || char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c))
        && text[0] != '-'
        && text[^1] != '-';
}
