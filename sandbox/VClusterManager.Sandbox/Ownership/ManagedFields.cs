using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Json;
using VClusterManager.Sandbox.Registry;

namespace VClusterManager.Sandbox.Ownership;

/// <summary>Who wrote a set of fields, and by which kind of request.</summary>
internal sealed record Writer(string Manager, string Operation, string ApiVersion, string Subresource)
{
    public const string Update = "Update";
    public const string Apply = "Apply";
}

/// <summary>The <c>managedFields</c> of an object: which writer owns which fields, since when.</summary>
internal sealed class ManagedFields
{
    private const int ManagerNameLimit = 128;

    private readonly Dictionary<Writer, (FieldTree Fields, string Time)> _entries = [];

    public bool IsEmpty => _entries.Count == 0;

    public IEnumerable<Writer> Writers => _entries.Keys;

    public static ManagedFields Read(JsonObject json)
    {
        var managed = new ManagedFields();
        foreach (var entry in json.Objects("metadata", "managedFields"))
        {
            var writer = new Writer(
                entry.Text("manager") ?? "",
                entry.Text("operation") ?? "",
                entry.Text("apiVersion") ?? "",
                entry.Text("subresource") ?? ""
            );
            managed._entries[writer] = (FieldTree.FromJson(entry.Object("fieldsV1")), entry.Text("time") ?? "");
        }

        return managed;
    }

    public FieldTree Of(Writer writer) => _entries.TryGetValue(writer, out var entry) ? entry.Fields : new FieldTree();

    /// <summary>Gives a writer these fields, from this time on if they differ from what it had.</summary>
    public void Set(Writer writer, FieldTree fields, DateTimeOffset now)
    {
        var kept = _entries.TryGetValue(writer, out var entry) && entry.Fields.SameAs(fields);
        _entries[writer] = (fields, kept ? entry.Time : Timestamps.Format(now));
    }

    /// <summary>Takes fields away from a writer, without a new time.</summary>
    public void Take(Writer writer, FieldTree fields)
    {
        var (owned, time) = _entries[writer];
        _entries[writer] = (owned.Except(fields), time);
    }

    public FieldTree UnionExcept(Writer writer) =>
        _entries
            .Where(entry => entry.Key != writer)
            .Aggregate(new FieldTree(), (all, entry) => all.Union(entry.Value.Fields));

    public void WriteTo(JsonObject json)
    {
        var entries = _entries
            .Where(entry => !entry.Value.Fields.IsEmpty)
            .OrderBy(entry => entry.Key.Operation, StringComparer.Ordinal)
            .ThenBy(entry => entry.Value.Time, StringComparer.Ordinal)
            .ThenBy(entry => entry.Key.Manager, StringComparer.Ordinal)
            .ThenBy(entry => entry.Key.ApiVersion, StringComparer.Ordinal)
            .ThenBy(entry => entry.Key.Subresource, StringComparer.Ordinal)
            .Select(entry => (JsonNode)Describe(entry.Key, entry.Value.Fields, entry.Value.Time))
            .ToArray();
        var metadata = json.Ensure("metadata");
        if (entries.Length == 0)
        {
            metadata.Remove("managedFields");
        }
        else
        {
            metadata["managedFields"] = new JsonArray(entries);
        }
    }

    private static JsonObject Describe(Writer writer, FieldTree fields, string time)
    {
        var manager = writer.Manager.Length > ManagerNameLimit ? writer.Manager[..ManagerNameLimit] : writer.Manager;
        var entry = new JsonObject
        {
            ["manager"] = manager,
            ["operation"] = writer.Operation,
            ["apiVersion"] = writer.ApiVersion,
            ["time"] = time,
            ["fieldsType"] = "FieldsV1",
            ["fieldsV1"] = fields.ToJson(),
        };
        if (writer.Subresource.Length > 0)
        {
            entry["subresource"] = writer.Subresource;
        }

        return entry;
    }
}
