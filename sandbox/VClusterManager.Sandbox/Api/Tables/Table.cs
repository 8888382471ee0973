using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Json;

namespace VClusterManager.Sandbox.Api.Tables;

/// <summary>Objects as rows, for those who show them to people.</summary>
internal sealed class Table(ResourceRequest request)
{
    private readonly IReadOnlyList<TableColumn> _columns = TableColumns.Of(request.Resource.Plural);
    private readonly string _include = request.Query["includeObject"].ToString();

    public JsonObject Of(IEnumerable<JsonObject> objects, JsonObject metadata, bool withColumns = true)
    {
        var now = request.Cluster.Time.GetUtcNow();
        return new JsonObject
        {
            ["kind"] = "Table",
            ["apiVersion"] = "meta.k8s.io/v1",
            ["metadata"] = metadata,
            ["columnDefinitions"] = withColumns
                ? new JsonArray([.. _columns.Select(column => column.Definition())])
                : null,
            ["rows"] = new JsonArray([.. objects.Select(json => Row(json, now))]),
        };
    }

    private JsonObject Row(JsonObject json, DateTimeOffset now)
    {
        var row = new JsonObject { ["cells"] = new JsonArray([.. _columns.Select(column => column.Cell(json, now))]) };
        row["object"] = _include switch
        {
            "None" => null,
            "Object" => json.Copy(),
            _ => PartialMetadata.Of(json),
        };
        if (_include == "None")
        {
            row.Remove("object");
        }

        return row;
    }
}
