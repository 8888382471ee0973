using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace VClusterManager.Contracts;

/// <summary>The body of <c>POST /api/clusters</c> and <c>POST /api/clusters:validate</c>.</summary>
public sealed record ClusterCreate
{
    /// <summary>Lower-case letters, digits and <c>-</c>; begins with a letter, ends with a letter or digit; at most 48.</summary>
    [Required]
    [StringLength(48, MinimumLength = 1)]
    [RegularExpression("^[a-z]([a-z0-9-]*[a-z0-9])?$")]
    public string? Name { get; init; }

    /// <summary>The host's namespace to put it in; <c>vcluster-{name}</c> when none is given.</summary>
    [StringLength(63, MinimumLength = 1)]
    public string? Namespace { get; init; }

    /// <summary>A version on offer, such as <c>1.34</c>; the configured default when none is given.</summary>
    [JsonPropertyName("k8s_version")]
    public string? KubernetesVersion { get; init; }

    /// <summary>Values for vcluster.yaml, merged over the configured ones.</summary>
    public JsonObject? Values { get; init; }

    /// <summary>Kubernetes labels.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>Hours to live, 1 to 720; the configured default when none is given.</summary>
    [Range(1, 720)]
    public int? TtlHours { get; init; }

    /// <summary>Never pruned. Only for admins.</summary>
    public bool? Protected { get; init; }

    /// <summary>
    /// Put to sleep when nobody has used it for so long, 5m to 30d, such as <c>2h</c>; <c>never</c>; the configured default
    /// when none is given.
    /// </summary>
    public string? SleepAfter { get; init; }

    /// <summary>When it sleeps and wakes; the configured default when none is given.</summary>
    public SleepSchedule? SleepSchedule { get; init; }
}

/// <summary>The body of <c>POST /api/clusters/{name}/extend</c>.</summary>
/// <param name="TtlHours">Hours from now, 1 to 720. It never ends earlier than it did before.</param>
public sealed record ClusterExtend([property: Required, Range(1, 720)] int? TtlHours);

/// <summary>
/// The members that <c>PATCH /api/clusters/{name}</c> takes, as a JSON merge patch (RFC 7396): what is left out stays,
/// null takes away.
/// </summary>
public sealed record ClusterPatch
{
    /// <summary>Labels to set; null takes one away, and null in place of the object takes all.</summary>
    public IReadOnlyDictionary<string, string?>? Labels { get; init; }

    /// <summary>Hours to live, 1 to 720, from the creation; null is the configured default.</summary>
    [Range(1, 720)]
    public int? TtlHours { get; init; }

    /// <summary>Never pruned. Only for admins.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Protected { get; init; }

    /// <summary>Put to sleep when nobody has used it for so long; <c>never</c>; null is the configured default.</summary>
    public string? SleepAfter { get; init; }

    /// <summary>When it sleeps and wakes, replaced as a whole; null is the configured default.</summary>
    public SleepSchedule? SleepSchedule { get; init; }

    /// <summary>Values for vcluster.yaml, merged into those that were asked for before: an upgrade.</summary>
    public JsonObject? Values { get; init; }

    /// <summary>A version on offer, the same or one minor higher: an upgrade.</summary>
    [JsonPropertyName("k8s_version")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? KubernetesVersion { get; init; }
}

/// <summary>The answer of <c>POST /api/clusters:validate</c>.</summary>
/// <param name="Valid">Always true: what is not valid is answered with a problem.</param>
/// <param name="Name">The name it would have.</param>
/// <param name="Namespace">The namespace it would have.</param>
/// <param name="KubernetesVersion">The version it would have.</param>
/// <param name="ImageTag">The image tag that the version stands for.</param>
/// <param name="Values">The values file that would be given to the CLI, as YAML.</param>
public sealed record ClusterValidation(
    bool Valid,
    string Name,
    string Namespace,
    [property: JsonPropertyName("k8s_version")] string KubernetesVersion,
    string ImageTag,
    string Values
);
