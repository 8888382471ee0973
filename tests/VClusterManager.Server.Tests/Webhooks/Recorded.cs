using System.Text.Json.Nodes;

namespace VClusterManager.Server.Tests.Webhooks;

/// <summary>The bodies that providers really sent.</summary>
public static class Recorded
{
    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Webhooks", "Payloads");

    /// <summary>Every provider with a folder.</summary>
    public static IEnumerable<string> Providers =>
        Directory.GetDirectories(Folder).Select(path => Path.GetFileName(path));

    /// <summary>A recorded body: its file, the name of its event, and what must come of it.</summary>
    public sealed record Body(string Provider, string File, string Event, string Expected)
    {
        public byte[] Bytes => System.IO.File.ReadAllBytes(Path.Combine(Folder, Provider, File));

        public override string ToString() => $"{Provider}/{File}";
    }

    public static IEnumerable<string> FilesOf(string provider) =>
        Directory.GetFiles(Path.Combine(Folder, provider), "*.json").Select(path => Path.GetFileName(path));

    public static IReadOnlyList<Body> Of(string provider) =>
        [
            .. File.ReadLines(Path.Combine(Folder, provider, "expected.txt"))
                .Select(line => line.Split('|'))
                .Select(parts => new Body(provider, parts[0], parts[1], parts[2])),
        ];

    public static JsonObject Json(string provider, string file) =>
        JsonNode.Parse(File.ReadAllBytes(Path.Combine(Folder, provider, file)))!.AsObject();
}
