using VClusterManager.Contracts;
using VClusterManager.Server.Storage;

namespace VClusterManager.Server.Clusters.Usage;

/// <summary>Adds up spans of time, as far as they lie between two times. Pure.</summary>
internal sealed class UsageSums(UsageGrouping by, DateTimeOffset from, DateTimeOffset to, DateTimeOffset now)
{
    private readonly Sum _total = new();
    private readonly Dictionary<string, Sum> _groups = new(StringComparer.Ordinal);

    public void Add(UsageSpanRow span)
    {
        var key = KeyOf(span);
        if (!_groups.TryGetValue(key, out var group))
        {
            _groups[key] = group = new Sum();
        }

        // What goes on has gone on until now, and no further; what is spared later is not spared yet.
        var end = Earlier(Earlier(span.EndedAt ?? now, now), to);
        var begin = span.StartedAt > from ? span.StartedAt : from;
        var ticks = Math.Max(0, (end - begin).Ticks);
        _total.Add(span, ticks);
        group.Add(span, ticks);
    }

    public UsageReport Report() =>
        new(
            from,
            to,
            by.ToString().ToLowerInvariant(),
            _total.Figures(),
            [
                .. _groups
                    .Select(group => new UsageGroup(group.Key, group.Value.Figures()))
                    .OrderByDescending(group => group.Usage.RunHours)
                    .ThenBy(group => group.Key, StringComparer.Ordinal),
            ]
        );

    private string KeyOf(UsageSpanRow span) =>
        by switch
        {
            UsageGrouping.Owner => span.CreatedBy,
            UsageGrouping.Source => span.Source,
            UsageGrouping.Namespace => span.Namespace,
            _ => $"{span.Namespace}/{span.Name}",
        };

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

    private sealed class Sum
    {
        private readonly HashSet<Guid> _clusters = [];
        private readonly long[] _ticks = new long[Enum.GetValues<UsageKind>().Length];

        public void Add(UsageSpanRow span, long ticks)
        {
            _clusters.Add(span.ClusterId);
            _ticks[(int)span.Kind] += ticks;
        }

        public UsageFigures Figures() =>
            new(
                _clusters.Count,
                Hours(_ticks[(int)UsageKind.Run]),
                Hours(_ticks[(int)UsageKind.Slept]),
                Hours(_ticks[(int)UsageKind.Spared]),
                Hours(_ticks[(int)UsageKind.Slept] + _ticks[(int)UsageKind.Spared])
            );

        private static double Hours(long ticks) => Math.Round(TimeSpan.FromTicks(ticks).TotalHours, 3);
    }
}
