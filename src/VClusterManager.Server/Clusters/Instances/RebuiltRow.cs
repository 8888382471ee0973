using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using VClusterManager.Server.Clusters.Time;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Kubernetes;
using VClusterManager.Server.Storage;

namespace VClusterManager.Server.Clusters.Instances;

/// <summary>The row of a cluster as its marks on the host tell it: the opposite of <see cref="ClusterStamps"/>. Pure.</summary>
internal static class RebuiltRow
{
    private const string Nobody = "unknown";

    /// <param name="own">The values that somebody asked for.</param>
    public static ClusterRow Of(ObservedCluster seen, JsonObject own, DateTimeOffset now)
    {
        var workload = seen.Workload!;
        var marks = workload.Annotations;
        var tag = workload.KubernetesImageTag ?? "";
        var created = Time(marks, ClusterStamps.CreatedAnnotation) ?? workload.CreatedAt;
        var expires = Time(marks, ClusterStamps.ExpiresAnnotation);
        var generation = ClusterStamps.TakenInGeneration(workload);
        var id = ClusterStamps.IdOf(marks) ?? Guid.CreateVersion7(now);
        var row = new ClusterRow
        {
            Id = id,
            RowVersion = ClusterSnapshot.VersionAfterAll(now),
            Name = seen.Key.Name,
            Namespace = seen.Key.Namespace,
            Phase = workload.Paused ? ClusterPhase.Sleeping : ClusterPhase.Running,
            Desired = workload.Paused ? DesiredState.Sleeping : DesiredState.Running,
            Generation = generation,
            ObservedGeneration = generation,
            KubernetesVersion = ClusterAdoption.Minor(tag),
            KubernetesImageTag = tag,
            ValuesJson = own.Count == 0 ? null : own.ToJsonString(),
            Labels = Labels(marks),
            TtlHours = expires is { } ends ? Math.Max(1, (int)Math.Ceiling((ends - created).TotalHours)) : null,
            ExpiresAt = expires,
            Protected = marks.GetValueOrDefault(ClusterStamps.ProtectedAnnotation) == "true",
            // Its namespace is its own by its mark; any other it has been let into before.
            MayUseForeignNamespace = seen.Namespace is not { } home || !ClusterStamps.BelongsTo(home.Annotations, id),
            Installed = true,
            CreatedBy = marks.GetValueOrDefault(ClusterStamps.OwnerAnnotation) ?? Nobody,
            Owner = marks.GetValueOrDefault(ClusterStamps.IdentityAnnotation),
            Source = marks.GetValueOrDefault(ClusterStamps.SourceAnnotation) ?? ClusterSources.Api,
            SleepAfter = DurationText.TryParse(
                marks.GetValueOrDefault(ClusterStamps.SleepAfterAnnotation) ?? "",
                out var s
            )
                ? s
                : null,
            CreatedAt = created,
            UpdatedAt = now,
            LastUsedAt = now,
        };
        SleepRules.Set(row, Schedule(marks), now);
        return row;
    }

    private static SleepTimes? Schedule(IReadOnlyDictionary<string, string> marks) =>
        marks.TryGetValue(ClusterStamps.SleepScheduleAnnotation, out var json) ? SleepTimes.Read(json) : null;

    private static DateTimeOffset? Time(IReadOnlyDictionary<string, string> marks, string name) =>
        DateTimeOffset.TryParse(
            marks.GetValueOrDefault(name),
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var time
        )
            ? time
            : null;

    private static Dictionary<string, string> Labels(IReadOnlyDictionary<string, string> marks)
    {
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, string>>(
                    marks.GetValueOrDefault(ClusterStamps.LabelsAnnotation) ?? "{}"
                ) ?? [];
        }
        catch (JsonException)
        {
            // Somebody has written into it: the cluster counts for more than its labels.
            return [];
        }
    }
}
