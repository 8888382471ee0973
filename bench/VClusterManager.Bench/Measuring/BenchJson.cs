using System.Text.Json;

namespace VClusterManager.Bench.Measuring;

/// <summary>JSON as the API speaks it.</summary>
internal static class BenchJson
{
    public static JsonSerializerOptions Options { get; } =
        new(JsonSerializerDefaults.Web) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
}
