using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Json;

namespace VClusterManager.Sandbox.Api.Tables;

/// <summary>Columns of resource quotas: what is used of what there is.</summary>
internal static class QuotaColumns
{
    public static TableColumn[] Columns(TableColumn name, TableColumn age) =>
        [
            name,
            new(
                "Request",
                (json, _) => Used(json, resource => !resource.StartsWith("limits.", StringComparison.Ordinal))
            ),
            new("Limit", (json, _) => Used(json, resource => resource.StartsWith("limits.", StringComparison.Ordinal))),
            age,
        ];

    private static string Used(JsonObject json, Func<string, bool> choose) =>
        string.Join(
            ", ",
            (json.Object("status", "hard") ?? [])
                .Where(limit => choose(limit.Key))
                .Select(limit => $"{limit.Key}: {json.Text("status", "used", limit.Key) ?? "0"}/{limit.Value.Text()}")
        );
}
