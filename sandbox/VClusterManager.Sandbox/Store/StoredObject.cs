using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Json;

namespace VClusterManager.Sandbox.Store;

/// <summary>
/// One version of an object as it lies in the store. It never changes: whoever wants to change it works on a copy of
/// <see cref="Json"/> and stores that as the next version. What is kept is its text, a tenth of the size of the tree;
/// the tree is made again when someone needs it and it has been collected.
/// </summary>
internal sealed class StoredObject
{
    private readonly byte[] _bytes;
    private readonly WeakReference<JsonObject> _json;

    public StoredObject(JsonObject json, long version)
    {
        _bytes = GoJson.Compact(json);
        _json = new WeakReference<JsonObject>(json);
        Version = version;
        Name = json.Text("metadata", "name") ?? "";
        Namespace = json.Text("metadata", "namespace") ?? "";
        Uid = json.Text("metadata", "uid") ?? "";
        Labels = json.Object("metadata", "labels")?.Copy();
        Deleting = json.At("metadata", "deletionTimestamp") is not null;
    }

    public long Version { get; }

    public string Name { get; }

    /// <summary>Empty for what belongs to the cluster.</summary>
    public string Namespace { get; }

    public string Uid { get; }

    public JsonObject? Labels { get; }

    public bool Deleting { get; }

    /// <summary>The object on one line of JSON.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes;

    public JsonObject Json
    {
        get
        {
            if (_json.TryGetTarget(out var json))
            {
                return json;
            }

            json = (JsonObject)JsonNode.Parse(_bytes)!;
            _json.SetTarget(json);
            return json;
        }
    }
}

internal enum ChangeKind
{
    Added,
    Modified,
    Deleted,
}

/// <summary>One change of one object. <paramref name="Previous"/> is null when the object is new.</summary>
internal sealed record Change(ChangeKind Kind, StoredObject Object, StoredObject? Previous)
{
    public long Version => Object.Version;
}
