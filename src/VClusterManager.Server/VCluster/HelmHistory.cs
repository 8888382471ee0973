using System.Text.Json;
using System.Text.Json.Nodes;

namespace VClusterManager.Server.VCluster;

/// <summary>Reads <c>helm history --output json</c>. Pure.</summary>
internal static class HelmHistory
{
    /// <summary>
    /// The revision that runs: the newest that is <c>deployed</c>, else the newest that once was (<c>superseded</c>).
    /// </summary>
    public static int? LastDeployed(string json)
    {
        try
        {
            var revisions = (JsonNode.Parse(json) as JsonArray ?? [])
                .OfType<JsonObject>()
                .Select(r => (Number: (int?)r["revision"] ?? 0, Status: (string?)r["status"] ?? ""))
                .OrderByDescending(r => r.Number)
                .ToList();
            return Newest("deployed") ?? Newest("superseded");

            int? Newest(string status) =>
                revisions.Where(r => r.Status == status && r.Number > 0).Select(r => (int?)r.Number).FirstOrDefault();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }
}
