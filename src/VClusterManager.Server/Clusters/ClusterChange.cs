using System.Text.Json;
using System.Text.Json.Nodes;
using VClusterManager.Server.Clusters.Time;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Http;
using VClusterManager.Server.Identity;
using VClusterManager.Server.Storage;
using VClusterManager.Server.VCluster;

namespace VClusterManager.Server.Clusters;

/// <summary>
/// A JSON merge patch (RFC 7396) of a cluster, checked for its form. Labels, time to live and protection are edits that
/// never run the CLI; values and version are an upgrade.
/// </summary>
internal sealed class ClusterChange
{
    private JsonObject? _labels;
    private bool _clearLabels;
    private int? _ttlHours;
    private bool _resetTtl;
    private bool? _isProtected;
    private JsonNode? _values;
    private bool _touchesValues;
    private string? _version;
    private string? _sleepAfter;
    private bool _touchesSleepAfter;
    private JsonObject? _schedule;
    private bool _touchesSchedule;

    private ClusterChange() { }

    public bool TouchesProtection => _isProtected is not null;

    public static Outcome<ClusterChange> Parse(JsonObject patch)
    {
        var change = new ClusterChange();
        var errors = new FieldErrors();
        foreach (var (field, value) in patch)
        {
            if (change.Take(field, value, errors) is { } wrongType)
            {
                return new Problem(ProblemKind.Malformed, wrongType);
            }
        }
        return errors.ToProblem() is { } problem ? problem : change;
    }

    /// <summary>Applies it to the row; tells whether the host needs an upgrade, or what stands in the way.</summary>
    public Outcome<ChangeEffect> ApplyTo(
        ClusterRow row,
        Principal who,
        ClusterAdmission admission,
        VClusterOptions defaults,
        DateTimeOffset now
    )
    {
        var errors = new FieldErrors();
        var labels = new Dictionary<string, string>(row.Labels);
        var before = Edits(row);
        ApplyLabels(row, errors);
        if (_ttlHours is { } hours && ClusterLimits.Ttl(who, hours) is { } tooLong)
        {
            return tooLong;
        }
        ApplyTtl(row, ClusterLimits.DefaultTtl(who, _ttlHours, defaults.DefaultTtlHours), now, errors);
        row.Protected = _isProtected ?? row.Protected;
        ApplySleep(row, defaults, now, errors);
        var upgrade = ApplyVersion(row, admission, errors);
        if (_touchesValues)
        {
            var merged = MergedValues(row);
            ClusterAdmission.CheckValues(merged, errors);
            // An editor may keep what an admin once set, but neither name it nor take it all away.
            if (admission.ForbiddenValues(_values as JsonObject ?? Current(row), who) is { } forbidden)
            {
                return forbidden;
            }
            upgrade |= SetValues(row, merged);
        }
        if (errors.ToProblem() is { } problem)
        {
            return problem;
        }
        return new ChangeEffect(!Same(labels, row.Labels) || before != Edits(row), upgrade);
    }

    private static (int?, DateTimeOffset?, bool, TimeSpan?, string?) Edits(ClusterRow row) =>
        (row.TtlHours, row.ExpiresAt, row.Protected, row.SleepAfter, row.SleepSchedule);

    private string? Take(string field, JsonNode? value, FieldErrors errors)
    {
        switch (field)
        {
            case "labels":
                _clearLabels = value is null;
                _labels = value as JsonObject;
                return value is null || AreTexts(value) ? null : WrongType(field, "an object of strings or null");
            case "ttl_hours":
                _resetTtl = value is null;
                _ttlHours = Number(value);
                return value is null || _ttlHours is not null ? null : WrongType(field, "a whole number or null");
            case "protected":
                _isProtected = value is JsonValue flag && flag.TryGetValue<bool>(out var on) ? on : null;
                return _isProtected is not null ? null : WrongType(field, "true or false");
            case "sleep_after":
                _touchesSleepAfter = true;
                _sleepAfter = value is JsonValue duration && duration.TryGetValue<string>(out var after) ? after : null;
                return value is null || _sleepAfter is not null ? null : WrongType(field, "a string or null");
            case "sleep_schedule":
                _touchesSchedule = true;
                _schedule = value as JsonObject;
                foreach (var (part, _) in (_schedule ?? []).Where(e => e.Key is not ("sleep" or "wake" or "time_zone")))
                {
                    errors.Add($"{field}.{part}", "is not a known field");
                }
                return value is null || AreTexts(value)
                    ? null
                    : WrongType(field, "an object of sleep, wake and time_zone, each a string or null, or null");
            case "values":
                _touchesValues = true;
                _values = value?.DeepClone();
                return value is null or JsonObject ? null : WrongType(field, "an object or null");
            case "k8s_version":
                _version = value is JsonValue text && text.TryGetValue<string>(out var asked) ? asked : null;
                return _version is not null ? null : WrongType(field, "a string");
            case "name" or "namespace":
                errors.Add(field, "cannot be changed: make a new cluster");
                return null;
            default:
                errors.Add(field, "is not a field that can be changed");
                return null;
        }
    }

    private static string WrongType(string field, string expected) => $"The field '{field}' must be {expected}.";

    private static bool AreTexts(JsonNode value) =>
        value is JsonObject map
        && map.All(entry => entry.Value is null || entry.Value.GetValueKind() == JsonValueKind.String);

    private static int? Number(JsonNode? value) =>
        value is JsonValue number && number.TryGetValue<int>(out var hours) ? hours : null;

    private void ApplyLabels(ClusterRow row, FieldErrors errors)
    {
        var result = _clearLabels ? [] : new Dictionary<string, string>(row.Labels);
        foreach (var (key, value) in _labels ?? [])
        {
            if (value is null)
            {
                result.Remove(key);
            }
            else
            {
                result[key] = value.GetValue<string>();
            }
        }
        ClusterAdmission.CheckLabels(result, errors);
        row.Labels = result;
    }

    private void ApplyTtl(ClusterRow row, int defaultTtl, DateTimeOffset now, FieldErrors errors)
    {
        if (_ttlHours is null && !_resetTtl)
        {
            return;
        }
        var hours = _ttlHours ?? defaultTtl;
        var problems = errors.Count;
        ClusterAdmission.CheckTtl(hours, errors);
        if (errors.Count > problems)
        {
            return;
        }
        var ends = row.CreatedAt.AddHours(hours);
        if (ends <= now)
        {
            errors.Add(
                "ttl_hours",
                "counts from the creation and would have ended already: use a larger one, or delete the cluster"
            );
            return;
        }
        row.TtlHours = hours;
        row.EndsAt(ends);
    }

    private void ApplySleep(ClusterRow row, VClusterOptions defaults, DateTimeOffset now, FieldErrors errors)
    {
        if (_touchesSleepAfter)
        {
            row.SleepAfter = SleepRules.After(_sleepAfter, defaults.SleepAfter, errors);
        }
        if (_touchesSchedule)
        {
            var asked = _schedule is null ? null : SleepRules.Merged(row.SleepSchedule, _schedule);
            SleepRules.Set(row, SleepRules.Schedule(asked, defaults.SleepSchedule, errors), now);
        }
    }

    private bool ApplyVersion(ClusterRow row, ClusterAdmission admission, FieldErrors errors)
    {
        if (_version is null || admission.ResolveVersion(_version, errors) is not { } wanted)
        {
            return false;
        }
        var steps = KubernetesVersions.MinorSteps(row.KubernetesVersion, wanted.Minor);
        if (steps is null or < 0 or > 1)
        {
            errors.Add(
                "k8s_version",
                steps switch
                {
                    null =>
                        $"cannot be changed: what runs now has the image tag {Quote.Of(row.KubernetesImageTag)}, which is no Kubernetes version",
                    < 0 => $"cannot go down from {row.KubernetesVersion} to {wanted.Minor}: Kubernetes has no way back",
                    _ =>
                        $"goes up one minor version at a time: from {row.KubernetesVersion} to {wanted.Minor} are {steps}",
                }
            );
            return false;
        }
        var changed = wanted.ImageTag != row.KubernetesImageTag;
        row.KubernetesVersion = wanted.Minor;
        row.KubernetesImageTag = wanted.ImageTag;
        return changed;
    }

    private JsonObject? MergedValues(ClusterRow row)
    {
        if (_values is not JsonObject patch)
        {
            return null;
        }
        return VClusterValues.Merge(Current(row) ?? [], patch);
    }

    private static JsonObject? Current(ClusterRow row) =>
        row.ValuesJson is { } json ? JsonNode.Parse(json)!.AsObject() : null;

    private static bool SetValues(ClusterRow row, JsonObject? merged)
    {
        if (JsonNode.DeepEquals(Current(row), merged))
        {
            return false;
        }
        row.ValuesJson = merged?.ToJsonString(JsonSerializerOptions.Default);
        return true;
    }

    private static bool Same(Dictionary<string, string> one, Dictionary<string, string> other) =>
        one.Count == other.Count
        && one.All(entry => other.TryGetValue(entry.Key, out var value) && value == entry.Value);
}

/// <param name="Edited">Something changed that needs no CLI run.</param>
/// <param name="Upgrade">The host needs an upgrade.</param>
internal readonly record struct ChangeEffect(bool Edited, bool Upgrade);
