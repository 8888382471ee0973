using VClusterManager.Server.Configuration.Sections;

namespace VClusterManager.Server.Configuration.Keys;

/// <summary>Every key there is.</summary>
internal static class KeyTable
{
    public const string VariablePrefix = "VCM__";

    /// <summary>In the order in which they are shown. A section inside another comes after it.</summary>
    public static IReadOnlyList<KeySection> Sections { get; } =
    [
        ServerSection.Section,
        ServerSection.TlsSection,
        LimitsSection.Section,
        AuthSection.Section,
        JwtSection.Section,
        VClusterSection.Section,
        LifetimeKeys.ScheduleSection,
        VClusterSection.TimeoutsSection,
        KubernetesSection.Section,
        ProcessesSection.Section,
        DatabaseSection.Section,
        AuditSection.Section,
        ObservabilitySection.Section,
        ObservabilitySection.LogsSection,
        ObservabilitySection.OtlpSection,
        DynamicEndpointsSection.Section,
        AccessSection.Section,
        WebhooksSection.Section,
        ProviderSections.GitHub,
        ProviderSections.Bitbucket,
        ProviderSections.GitLab,
    ];

    public static IReadOnlyList<Key> All { get; } = [.. Sections.SelectMany(s => s.Keys)];

    public static Key? Find(string path) => All.FirstOrDefault(k => k.Path == path);

    public static bool IsSection(string path) => Sections.Any(s => s.Path == path);

    /// <summary>The variable that sets this key (or this entry of a key that is a map).</summary>
    public static string VariableOf(string path) => Find(path)?.Variable ?? LongVariableOf(path);

    public static string LongVariableOf(string path) =>
        VariablePrefix + path.ToUpperInvariant().Replace(".", "__", StringComparison.Ordinal);

    /// <summary>Its name when somebody meant it and wrote something close; else <see langword="null"/>.</summary>
    public static string? Suggest(string path)
    {
        var near = All.Select(k => k.Path)
            .Concat(Sections.Select(s => s.Path))
            .Where(p => p.Count(c => c == '.') == path.Count(c => c == '.'))
            .MinBy(p => Distance(p, path));
        return near is not null && Distance(near, path) <= 2
            ? near
            : All.Where(k => k.Name == LastPart(path)).Select(k => k.Path).FirstOrDefault();
    }

    private static string LastPart(string path) => path[(path.LastIndexOf('.') + 1)..];

    /// <summary>Levenshtein's distance.</summary>
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[b.Length];
    }
}
