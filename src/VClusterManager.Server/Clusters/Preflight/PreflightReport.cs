using VClusterManager.Server.Kubernetes;

namespace VClusterManager.Server.Clusters.Preflight;

/// <summary>What the host lacks for the manager's work, in words. Pure.</summary>
internal static class PreflightReport
{
    /// <summary>More than these are counted.</summary>
    private const int MostSentences = 4;

    public const string NoStorageClass =
        "The host has no default StorageClass: a cluster waits for its volume, unless its values name one "
        + "(controlPlane.statefulSet.persistence.volumeClaim.storageClass) or do without (volumeClaim.enabled: false).";

    /// <summary>A sentence for each rule of which something is missing.</summary>
    public static IReadOnlyList<string> Sentences(IEnumerable<(RightsRule Rule, HostRight Right)> missing) =>
        [.. missing.GroupBy(one => one.Rule, one => one.Right).Select(rule => Sentence(rule.Key, [.. rule]))];

    /// <summary>All that is missing, in one text; <see langword="null"/>: nothing.</summary>
    public static string? Text(IReadOnlyList<string> sentences) =>
        sentences.Count switch
        {
            0 => null,
            <= MostSentences => $"{string.Join(' ', sentences)} Apply k8s/rbac.yaml.",
            _ =>
                $"{string.Join(' ', sentences.Take(MostSentences))} The log names {sentences.Count - MostSentences} more. Apply k8s/rbac.yaml.",
        };

    private static string Sentence(RightsRule rule, List<HostRight> missing)
    {
        var place = missing[0].Namespace is { } ns ? $"in namespace {ns}" : "in all namespaces";
        // Kinds that lack the same verbs are named together.
        var what = missing
            .GroupBy(Name, right => right.Verb)
            .GroupBy(kind => string.Join(", ", kind), kind => kind.Key)
            .Select(same => $"{same.Key} {string.Join(", ", same)}");
        return $"The service account may not {string.Join(" and not ", what)} {place}: {rule.Without ?? Without(missing)}.";
    }

    private static string Without(IEnumerable<HostRight> missing) =>
        "clusters "
        + string.Join(
            ", ",
            missing
                .Select(right =>
                    right.Verb switch
                    {
                        "get" or "list" or "watch" => "are not seen",
                        "delete" or "deletecollection" => "cannot be deleted wholly",
                        "create" => "cannot be created",
                        _ => "cannot be changed",
                    }
                )
                .Distinct()
        );

    private static string Name(HostRight right)
    {
        var parts = right.Resource.Split('/');
        var kind = right.Group.Length == 0 ? parts[0] : $"{parts[0]}.{right.Group}";
        return parts.Length == 1 ? kind : $"{kind}/{parts[1]}";
    }
}
