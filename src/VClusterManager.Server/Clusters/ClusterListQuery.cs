using VClusterManager.Contracts;
using VClusterManager.Server.Http;
using VClusterManager.Server.Http.Requests;
using VClusterManager.Server.Kubernetes;

namespace VClusterManager.Server.Clusters;

/// <summary>What a list is asked for, in its raw form.</summary>
internal sealed record ClusterListParameters(
    string? Namespace,
    string? Status,
    string? LabelSelector,
    string? CreatedBy,
    string? Source,
    string? Q,
    bool? Managed,
    string? Sort
);

/// <summary>What a list is asked for, checked.</summary>
internal sealed class ClusterListQuery
{
    private readonly ClusterListParameters _asked;
    private readonly IReadOnlyList<ClusterStatus> _statuses;
    private readonly LabelSelector? _labels;

    private ClusterListQuery(
        ClusterListParameters asked,
        IReadOnlyList<ClusterStatus> statuses,
        LabelSelector? labels,
        ClusterSort sort
    )
    {
        _asked = asked;
        _statuses = statuses;
        _labels = labels;
        Sort = sort;
    }

    public ClusterSort Sort { get; }

    public static Outcome<ClusterListQuery> Parse(ClusterListParameters asked)
    {
        var errors = new FieldErrors();
        var statuses = Statuses(asked.Status, errors);
        LabelSelector? labels = null;
        if (
            !string.IsNullOrWhiteSpace(asked.LabelSelector)
            && !LabelSelector.TryParse(asked.LabelSelector, out labels, out var error)
        )
        {
            errors.Add("label_selector", error);
        }
        if (!ClusterSort.TryParse(asked.Sort, out var sort))
        {
            errors.Add(
                "sort",
                $"must be one of {string.Join(", ", ClusterSort.Fields)}, with '-' in front for the other direction"
            );
        }
        return errors.ToProblem() is { } problem ? problem : new ClusterListQuery(asked, statuses, labels, sort!);
    }

    public bool Takes(ClusterEntry entry) =>
        (_asked.Managed is null || _asked.Managed == entry.Managed)
        && (_asked.Namespace is null || _asked.Namespace == entry.Key.Namespace)
        && (_asked.CreatedBy is null || _asked.CreatedBy == entry.CreatedBy)
        && (_asked.Source is null || _asked.Source == entry.Source)
        && (_statuses.Count == 0 || _statuses.Contains(entry.Status))
        && (string.IsNullOrEmpty(_asked.Q) || Contains(entry, _asked.Q))
        && (_labels is null || _labels.Matches(entry.Labels));

    private static bool Contains(ClusterEntry entry, string text) =>
        entry.Key.Name.Contains(text, StringComparison.OrdinalIgnoreCase)
        || entry.Key.Namespace.Contains(text, StringComparison.OrdinalIgnoreCase)
        || (entry.CreatedBy?.Contains(text, StringComparison.OrdinalIgnoreCase) ?? false)
        || entry.Labels.Any(l =>
            l.Key.Contains(text, StringComparison.OrdinalIgnoreCase)
            || l.Value.Contains(text, StringComparison.OrdinalIgnoreCase)
        );

    private static List<ClusterStatus> Statuses(string? text, FieldErrors errors)
    {
        var statuses = new List<ClusterStatus>();
        foreach (
            var word in (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        )
        {
            if (Choice.TryRead<ClusterStatus>(word, out var status))
            {
                statuses.Add(status);
            }
            else
            {
                errors.Add(
                    "status",
                    $"{Quote.Of(word)} is none of {string.Join(", ", Enum.GetNames<ClusterStatus>())}"
                );
            }
        }
        return statuses;
    }
}

/// <summary>A cluster in a list, managed or not, with what lists filter and sort by; the whole is made only when shown.</summary>
internal sealed record ClusterEntry(
    string Id,
    NamespacedName Key,
    bool Managed,
    ClusterStatus Status,
    string? CreatedBy,
    string? Source,
    IReadOnlyDictionary<string, string> Labels,
    DateTimeOffset Created,
    DateTimeOffset Updated,
    DateTimeOffset? Expires,
    Func<Cluster> Show
);

/// <summary>An order of clusters that is total: ties are broken by the id, so that a cursor always knows where it is.</summary>
internal sealed record ClusterSort(string Field, bool Descending)
{
    public static readonly IReadOnlyList<string> Fields =
    [
        "created",
        "updated",
        "name",
        "namespace",
        "status",
        "expires_at",
    ];

    public static bool TryParse(string? text, out ClusterSort? sort)
    {
        var asked = string.IsNullOrEmpty(text) ? "-created" : text;
        var descending = asked[0] == '-';
        var field = descending ? asked[1..] : asked;
        sort = Fields.Contains(field) ? new ClusterSort(field, descending) : null;
        return sort is not null;
    }

    public override string ToString() => (Descending ? "-" : "") + Field;

    /// <summary>The value that it sorts by, as text that compares ordinally as the value does.</summary>
    public string KeyOf(ClusterEntry entry) =>
        Field switch
        {
            "created" => Ticks(entry.Created),
            "updated" => Ticks(entry.Updated),
            "name" => entry.Key.Name,
            "namespace" => entry.Key.Namespace,
            "status" => entry.Status.ToString(),
            _ => Ticks(entry.Expires ?? DateTimeOffset.MaxValue),
        };

    public int Compare((string Key, string Id) one, (string Key, string Id) other)
    {
        var byKey = string.CompareOrdinal(one.Key, other.Key);
        var order = byKey != 0 ? byKey : string.CompareOrdinal(one.Id, other.Id);
        return Descending ? -order : order;
    }

    private static string Ticks(DateTimeOffset at) => at.UtcTicks.ToString("d19");
}
