using VClusterManager.Contracts;
using VClusterManager.Server.Clusters.Time;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Http;
using VClusterManager.Server.Identity;
using VClusterManager.Server.Kubernetes;
using VClusterManager.Server.Storage;
using VClusterManager.Server.VCluster;

namespace VClusterManager.Server.Clusters;

/// <summary>
/// Decides whether a cluster may be made as it is asked for, purely: first the form of every field (422, all at once),
/// then what the caller may do (403). What only the database can tell (a name that is taken) comes afterwards.
/// </summary>
internal sealed class ClusterAdmission(ManagerOptions options, KubernetesVersions versions)
{
    public const int MinTtlHours = 1;
    public const int MaxTtlHours = 720;

    /// <summary>Bytes of the values as JSON: Helm keeps them in a Secret, which holds at most 1 MiB.</summary>
    public const int MaxValuesBytes = 256 * 1024;

    /// <param name="existing">Gives the namespace as the host shows it; null where it is not known to exist.</param>
    public Outcome<ClusterRow> Admit(
        ClusterCreate asked,
        Principal who,
        string source,
        Func<string, ObservedNamespace?> existing,
        DateTimeOffset now
    )
    {
        var errors = new FieldErrors();
        var hasName = ClusterName.TryParse(asked.Name, out var name, out var nameError);
        errors.AddIf(nameError, "name");
        var ns = hasName ? NamespaceRules.Resolve(asked.Namespace, name, options.VCluster.NamespacePrefix) : "";
        errors.AddIf(hasName ? NamespaceRules.Check(ns, options.VCluster) : null, "namespace");
        var version = ResolveVersion(asked.KubernetesVersion, errors);
        CheckTtl(asked.TtlHours, errors);
        CheckLabels(asked.Labels, errors);
        CheckValues(asked.Values, errors);
        var sleepAfter = SleepRules.After(asked.SleepAfter, options.VCluster.SleepAfter, errors);
        var schedule = SleepRules.Schedule(asked.SleepSchedule, options.VCluster.SleepSchedule, errors);
        if (errors.ToProblem() is { } invalid)
        {
            return invalid;
        }
        if ((ClusterLimits.Namespace(who, ns) ?? Forbidden(asked, who, existing(ns))) is { } forbidden)
        {
            return forbidden;
        }
        var ttl = ClusterLimits.DefaultTtl(who, asked.TtlHours, options.VCluster.DefaultTtlHours);
        var row = new ClusterRow
        {
            Id = Guid.CreateVersion7(now),
            Name = name.Value,
            Namespace = ns,
            KubernetesVersion = version!.Minor,
            KubernetesImageTag = version.ImageTag,
            ValuesJson = asked.Values?.ToJsonString(),
            Labels = new Dictionary<string, string>(asked.Labels ?? new Dictionary<string, string>()),
            TtlHours = ttl,
            ExpiresAt = now.AddHours(ttl),
            Protected = asked.Protected ?? false,
            MayUseForeignNamespace = who.MayUseForeign(ns),
            CreatedBy = who.Name,
            Owner = who.Identity,
            Source = source,
            SleepAfter = sleepAfter,
            CreatedAt = now,
            UpdatedAt = now,
            LastUsedAt = now,
        };
        SleepRules.Set(row, schedule, now);
        return row;
    }

    public OfferedVersion? ResolveVersion(string? asked, FieldErrors errors)
    {
        var text = string.IsNullOrEmpty(asked) ? options.VCluster.DefaultKubernetesVersion : asked;
        var version = versions.Resolve(text);
        if (version is null)
        {
            var offered = string.Join(", ", versions.Offered.Select(v => v.Minor));
            errors.Add("k8s_version", $"{Quote.Of(text)} is not on offer; choose one of {offered}");
        }
        return version;
    }

    public static void CheckTtl(int? hours, FieldErrors errors)
    {
        if (hours is < MinTtlHours or > MaxTtlHours)
        {
            errors.Add("ttl_hours", $"must be {MinTtlHours} to {MaxTtlHours}");
        }
    }

    public static void CheckLabels(IReadOnlyDictionary<string, string>? labels, FieldErrors errors)
    {
        foreach (var error in labels is null ? [] : LabelRules.Check(labels))
        {
            errors.Add("labels", error);
        }
    }

    public static void CheckValues(System.Text.Json.Nodes.JsonObject? values, FieldErrors errors)
    {
        if (values is not null && values.ToJsonString().Length > MaxValuesBytes)
        {
            errors.Add("values", $"is larger than {MaxValuesBytes / 1024} KiB");
        }
    }

    /// <summary>The value paths that this caller may not set; <see langword="null"/>: none of them is set.</summary>
    public Problem? ForbiddenValues(System.Text.Json.Nodes.JsonObject? values, Principal who)
    {
        if (values is null || who.IsAdmin)
        {
            return null;
        }
        var denied = VClusterValues.Denied(values, options.VCluster.DeniedValues);
        return denied.Count == 0
            ? null
            : new Problem(ProblemKind.Forbidden, $"Only admins may set these values: {string.Join(", ", denied)}.");
    }

    private Problem? Forbidden(ClusterCreate asked, Principal who, ObservedNamespace? existing)
    {
        if (asked.Protected == true && !who.IsAdmin)
        {
            return new Problem(ProblemKind.Forbidden, "Only admins may protect a cluster from being pruned.");
        }
        if (
            existing is { } found
            && !who.MayUseForeign(found.Name)
            && !ClusterStamps.IsOurs(found.Labels, options.Server.Instance)
        )
        {
            return new Problem(
                ProblemKind.Forbidden,
                $"The namespace '{found.Name}' exists and was not made by this manager: only admins, and those who are bound to it, may put a cluster into it."
            );
        }
        return ClusterLimits.Ttl(who, asked.TtlHours) ?? ForbiddenValues(asked.Values, who);
    }
}
