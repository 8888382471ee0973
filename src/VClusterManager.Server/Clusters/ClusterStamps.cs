using System.Globalization;
using System.Text.Json;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Kubernetes;
using VClusterManager.Server.Storage;

namespace VClusterManager.Server.Clusters;

/// <summary>
/// What marks an object on the host as ours. The labels are there from the first moment, through the values of the very
/// first create; annotations that callers can change are merged in later without a CLI run.
/// Labels that callers give are kept in one annotation: as real labels of a namespace they could switch its pod security.
/// </summary>
internal static class ClusterStamps
{
    public const string ManagedByLabel = "app.kubernetes.io/managed-by";
    public const string ManagedByValue = "vcluster-manager";

    /// <summary>What all our marks begin with, but for the one that others use too.</summary>
    public const string Prefix = "vcluster-manager.io/";
    public const string InstanceLabel = "vcluster-manager.io/instance";
    public const string IdAnnotation = "vcluster-manager.io/id";
    public const string GenerationAnnotation = "vcluster-manager.io/generation";
    public const string OwnerAnnotation = "vcluster-manager.io/owner";
    public const string IdentityAnnotation = "vcluster-manager.io/owner-identity";
    public const string SourceAnnotation = "vcluster-manager.io/source";
    public const string CreatedAnnotation = "vcluster-manager.io/created-at";
    public const string ExpiresAnnotation = "vcluster-manager.io/expires-at";
    public const string ProtectedAnnotation = "vcluster-manager.io/protected";
    public const string SleepAfterAnnotation = "vcluster-manager.io/sleep-after";
    public const string SleepScheduleAnnotation = "vcluster-manager.io/sleep-schedule";
    public const string LabelsAnnotation = "vcluster-manager.io/labels";

    /// <summary>
    /// The labels of everything we make. Helm puts its own <c>managed-by</c> over ours on the workload, and needs it
    /// there to adopt what is left of a lost release: the instance label is what tells.
    /// </summary>
    public static Dictionary<string, string> Labels(string instance) =>
        new() { [ManagedByLabel] = ManagedByValue, [InstanceLabel] = instance };

    /// <summary>The annotations given with the values: fixed for one generation.</summary>
    public static Dictionary<string, string> Identity(ClusterRow row)
    {
        var annotations = new Dictionary<string, string>
        {
            [IdAnnotation] = row.Id.ToString(),
            [GenerationAnnotation] = row.Generation.ToString(CultureInfo.InvariantCulture),
            [OwnerAnnotation] = row.CreatedBy,
            [SourceAnnotation] = row.Source,
            [CreatedAnnotation] = Timestamp(row.CreatedAt),
        };
        if (row.Owner is { } identity)
        {
            annotations[IdentityAnnotation] = identity;
        }
        return annotations;
    }

    /// <summary>
    /// The annotations that may change without a CLI run; null: not there. One that was adopted gets its identity this
    /// way too, since it was not there when it was installed.
    /// </summary>
    public static Dictionary<string, string?> Changeable(ClusterRow row)
    {
        var annotations = new Dictionary<string, string?>
        {
            [ExpiresAnnotation] = row.ExpiresAt is { } expires ? Timestamp(expires) : null,
            [ProtectedAnnotation] = row.Protected ? "true" : null,
            [SleepAfterAnnotation] = row.SleepAfter is { } after ? DurationText.Format(after) : null,
            [SleepScheduleAnnotation] = row.SleepSchedule,
            [LabelsAnnotation] =
                row.Labels.Count == 0
                    ? null
                    : JsonSerializer.Serialize(new SortedDictionary<string, string>(row.Labels)),
        };
        if (row.Source == ClusterSources.Adopted)
        {
            annotations[IdAnnotation] = row.Id.ToString();
            annotations[OwnerAnnotation] = row.CreatedBy;
            annotations[IdentityAnnotation] = row.Owner;
            annotations[SourceAnnotation] = row.Source;
            annotations[CreatedAnnotation] = Timestamp(row.CreatedAt);
        }
        return annotations;
    }

    /// <summary>What has to be merged into the annotations that are there; empty: nothing.</summary>
    public static Dictionary<string, string?> Missing(ClusterRow row, IReadOnlyDictionary<string, string> present) =>
        Changeable(row)
            .Where(wanted => present.GetValueOrDefault(wanted.Key) != wanted.Value)
            .ToDictionary(wanted => wanted.Key, wanted => wanted.Value);

    /// <summary>The annotations say that the object belongs to this very cluster.</summary>
    public static bool BelongsTo(IReadOnlyDictionary<string, string> annotations, Guid id) =>
        annotations.TryGetValue(IdAnnotation, out var text) && text == id.ToString();

    /// <summary>The workload belongs to this cluster; one that nobody has marked belongs to the one that adopted it.</summary>
    public static bool BelongsTo(ObservedWorkload workload, ClusterRow row) =>
        workload.Annotations.ContainsKey(IdAnnotation)
            ? BelongsTo(workload.Annotations, row.Id)
            : row.Source == ClusterSources.Adopted;

    /// <summary>What the host shows of this very cluster; <see langword="null"/>: nothing, or somebody else's in its place.</summary>
    public static ObservedWorkload? WorkloadOf(ClusterRow row, ObservedCluster seen) =>
        seen.Workload is { } workload && BelongsTo(workload, row) ? workload : null;

    /// <summary>The cluster that the annotations name; <see langword="null"/>: none.</summary>
    public static Guid? IdOf(IReadOnlyDictionary<string, string> annotations) =>
        Guid.TryParse(annotations.GetValueOrDefault(IdAnnotation), out var id) ? id : null;

    /// <summary>The identity of the owner that the annotations name; <see langword="null"/>: none.</summary>
    public static string? OwnerOf(IReadOnlyDictionary<string, string> annotations) =>
        annotations.GetValueOrDefault(IdentityAnnotation);

    /// <summary>The instance that the labels name; <see langword="null"/>: none.</summary>
    public static string? InstanceOf(IReadOnlyDictionary<string, string> labels) =>
        labels.GetValueOrDefault(InstanceLabel);

    /// <summary>The labels say that this manager made it, for whichever cluster.</summary>
    public static bool IsOurs(IReadOnlyDictionary<string, string> labels, string instance) =>
        labels.GetValueOrDefault(ManagedByLabel) == ManagedByValue
        && labels.GetValueOrDefault(InstanceLabel) == instance;

    public static long? GenerationOf(ObservedWorkload workload) =>
        long.TryParse(
            workload.Annotations.GetValueOrDefault(GenerationAnnotation),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var generation
        )
            ? generation
            : null;

    /// <summary>
    /// The generation in which a row takes in what is there: with it, the next change gets a number that is not on the host yet.
    /// </summary>
    public static long TakenInGeneration(ObservedWorkload workload) => Math.Max(1, GenerationOf(workload) ?? 1);

    private static string Timestamp(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}

/// <summary>The doors that a cluster can come through.</summary>
internal static class ClusterSources
{
    public const string Api = "api";
    public const string Adopted = "adopted";

    /// <summary>A pull request, through a webhook.</summary>
    public const string PullRequest = "pull_request";
}
