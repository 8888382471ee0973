using System.Text.Json.Nodes;

namespace VClusterManager.Sandbox.Api.Tables;

/// <summary>One column: its heading and how its cell is read from an object. Wide columns show only when asked for.</summary>
internal sealed record TableColumn(string Name, Func<JsonObject, DateTimeOffset, JsonNode?> Cell)
{
    public string Type { get; init; } = "string";

    public string Format { get; init; } = "";

    public string Description { get; init; } = "";

    public bool Wide { get; init; }

    public JsonObject Definition() =>
        new()
        {
            ["name"] = Name,
            ["type"] = Type,
            ["format"] = Format,
            ["description"] = Description,
            ["priority"] = Wide ? 1 : 0,
        };
}
