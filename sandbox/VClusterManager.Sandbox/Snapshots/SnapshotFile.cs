using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Json;

namespace VClusterManager.Sandbox.Snapshots;

/// <summary>A JSON file that is either the old one or the new one, whenever the program ends.</summary>
internal static class SnapshotFile
{
    public static JsonObject? Read(string path) =>
        File.Exists(path) ? JsonNode.Parse(File.ReadAllText(path)) as JsonObject : null;

    public static void Write(string path, JsonObject json)
    {
        var fresh = path + ".new";
        using (var file = File.Open(fresh, NewFile))
        {
            file.Write(GoJson.Compact(json));
        }

        File.Move(fresh, path, overwrite: true);
    }

    /// <summary>Readable by no one else: there are private keys in it.</summary>
    private static FileStreamOptions NewFile
    {
        get
        {
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            return options;
        }
    }
}
