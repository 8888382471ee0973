using VClusterManager.Server.Tests.Configuration;

namespace VClusterManager.Server.Tests.Observability;

/// <summary>A metric as the page has it.</summary>
internal sealed record DocumentedMetric(string Name, string Type, IReadOnlyList<string> Labels, string Replicas);

/// <summary>What <c>docs/observability.md</c> says.</summary>
internal static class ObservabilityPage
{
    private static readonly string[] Lines = File.ReadAllLines(
        Path.Combine(RepositoryFolder.Path, "docs", "observability.md")
    );

    public static IReadOnlyDictionary<string, DocumentedMetric> Metrics { get; } =
        Lines
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .Where(cells => cells.Length == 7 && cells[2] is "gauge" or "counter" or "histogram")
            .Select(cells => new DocumentedMetric(
                cells[1].Trim('`'),
                cells[2],
                [
                    .. cells[3]
                        .Split(',', StringSplitOptions.TrimEntries)
                        .Select(label => label.Trim('`'))
                        .Where(label => label.Length > 0),
                ],
                cells[4]
            ))
            .ToDictionary(metric => metric.Name);

    /// <summary>The anchors of its headings, as they are made of their words.</summary>
    public static IReadOnlyList<string> Anchors { get; } =
    [
        .. Lines
            .Where(line => line.StartsWith('#'))
            .Select(line => line.TrimStart('#', ' ').ToLowerInvariant().Replace(' ', '-')),
    ];

    /// <summary>The metric that a series belongs to; <see langword="null"/>: the page has none.</summary>
    public static DocumentedMetric? Find(string series) =>
        Metrics.GetValueOrDefault(series)
        ?? Metrics.Values.FirstOrDefault(metric =>
            metric.Type == "histogram"
            && (series == metric.Name + "_bucket" || series == metric.Name + "_sum" || series == metric.Name + "_count")
        );
}
