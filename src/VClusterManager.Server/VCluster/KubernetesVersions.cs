using System.Globalization;
using VClusterManager.Server.Configuration;

namespace VClusterManager.Server.VCluster;

/// <summary>The Kubernetes versions on offer.</summary>
internal sealed class KubernetesVersions(VClusterOptions options)
{
    /// <summary>
    /// What vcluster 0.34 ships for the minor versions that Kubernetes itself still supports (its <c>K8SVersionMap</c>):
    /// the default of <c>vcluster.versions</c>, to be kept in step with the CLI in the image.
    /// </summary>
    public static IReadOnlyDictionary<string, string> Defaults { get; } =
        new OrderedDictionary<string, string>
        {
            ["1.35"] = "v1.35.0",
            ["1.34"] = "v1.34.0",
            ["1.33"] = "v1.33.4",
            ["1.32"] = "v1.32.1",
        };

    /// <summary>Newest first.</summary>
    public IReadOnlyList<OfferedVersion> Offered { get; } =
    [
        .. options
            .Versions.Select(v => new OfferedVersion(Minor(v.Key), v.Value))
            .OrderByDescending(v => Number(v.ImageTag) ?? Number(v.Minor))
            .ThenBy(v => v.ImageTag, StringComparer.Ordinal),
    ];

    /// <summary>Takes <c>1.34</c>, <c>v1.34</c>, <c>1.34.2</c>, <c>v1.34.2</c>; <see langword="null"/>: not on offer.</summary>
    /// <remarks>
    /// A minor version stands for its newest tag; a patch version must be on offer itself: to run another one than was
    /// asked for would be a lie.
    /// </remarks>
    public OfferedVersion? Resolve(string text)
    {
        var wanted = Bare(text.Trim());
        return Offered.FirstOrDefault(v => v.Minor == wanted)
            ?? Offered.FirstOrDefault(v => Bare(v.ImageTag) == wanted);
    }

    /// <summary>
    /// How many minor versions lie between them; negative when <paramref name="to"/> is older, <see langword="null"/> when
    /// one of them is no version, as with a cluster that was adopted and runs an image of another tag.
    /// </summary>
    public static int? MinorSteps(string from, string to) =>
        Number(from) is { } older && Number(to) is { } newer
            // There has been no second major version; a step to one would be further than any number of minors.
            ? ((newer.Major - older.Major) * 1000) + (newer.Minor - older.Minor)
            : null;

    private static string Minor(string key) => Number(key) is { } number ? $"{number.Major}.{number.Minor}" : Bare(key);

    private static string Bare(string text) => text.StartsWith('v') ? text[1..] : text;

    /// <summary>The number in <c>1.35</c>, <c>v1.35.0</c>, <c>v1.35.2-eks.1</c>; a missing patch counts as 0.</summary>
    private static Version? Number(string text)
    {
        var core = Bare(text).Split('-', '+')[0].Split('.');
        if (core.Length is < 2 or > 3)
            return null;
        Span<int> parts = [0, 0, 0];
        for (var i = 0; i < core.Length; i++)
        {
            if (!int.TryParse(core[i], NumberStyles.None, CultureInfo.InvariantCulture, out parts[i]))
                return null;
        }

        return new Version(parts[0], parts[1], parts[2]);
    }
}
