using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace VClusterManager.Server.Storage.Model;

/// <summary>Structures inside a row, as JSON text.</summary>
internal static class JsonText
{
    // Relaxed escaping: the text goes into a column, never into a page, and people read it there.
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    public static ValueConverter<Dictionary<string, string>, string> Labels { get; } =
        new(labels => Write(labels), text => Read<Dictionary<string, string>>(text));

    /// <summary>Labels are equal whatever their order.</summary>
    public static ValueComparer<Dictionary<string, string>> LabelsComparer { get; } =
        new(
            (left, right) => SameLabels(left, right),
            labels => HashLabels(labels),
            labels => new Dictionary<string, string>(labels)
        );

    public static ValueConverter<List<string>, string> Texts { get; } =
        new(texts => Write(texts), text => Read<List<string>>(text));

    public static ValueComparer<List<string>> TextsComparer { get; } =
        new(
            (left, right) => Write(left) == Write(right),
            texts => Write(texts).GetHashCode(StringComparison.Ordinal),
            texts => new List<string>(texts)
        );

    public static ValueConverter<List<OperationStepRow>, string> Steps { get; } =
        new(steps => Write(steps), text => Read<List<OperationStepRow>>(text));

    /// <summary>Steps are changed in place, so the snapshot is a deep copy.</summary>
    public static ValueComparer<List<OperationStepRow>> StepsComparer { get; } =
        new(
            (left, right) => Write(left) == Write(right),
            steps => Write(steps).GetHashCode(StringComparison.Ordinal),
            steps => Read<List<OperationStepRow>>(Write(steps))
        );

    private static string Write<T>(T value) => JsonSerializer.Serialize(value, Options);

    private static T Read<T>(string text)
        where T : class, new() => JsonSerializer.Deserialize<T>(text, Options) ?? new T();

    private static bool SameLabels(Dictionary<string, string>? left, Dictionary<string, string>? right) =>
        ReferenceEquals(left, right)
        || (
            left is not null
            && right is not null
            && left.Count == right.Count
            && left.All(pair => right.TryGetValue(pair.Key, out var value) && value == pair.Value)
        );

    private static int HashLabels(Dictionary<string, string> labels) =>
        labels.Aggregate(0, (hash, pair) => hash ^ HashCode.Combine(pair.Key, pair.Value));
}
