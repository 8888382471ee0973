using System.Globalization;
using System.Text.Json.Nodes;

namespace VClusterManager.Sandbox;

/// <summary>The Kubernetes version that a cluster says it runs.</summary>
internal sealed record ClusterVersion(int Major, int Minor, int Patch)
{
    public static readonly ClusterVersion Host = new(1, 35, 6);

    public string Git => $"v{Major}.{Minor}.{Patch}";

    /// <summary>Reads <c>v1.34.2</c>; null when it is no version.</summary>
    public static ClusterVersion? TryParse(string? text)
    {
        var parts = text
            ?.TrimStart('v')
            .Split('.')
            .Select(part => int.TryParse(part, out var number) ? number : -1)
            .ToList();
        return parts is [>= 0 and var major, >= 0 and var minor, >= 0 and var patch]
            ? new ClusterVersion(major, minor, patch)
            : null;
    }

    public JsonObject ToJson() =>
        new()
        {
            ["major"] = Text(Major),
            ["minor"] = Text(Minor),
            ["emulationMajor"] = Text(Major),
            ["emulationMinor"] = Text(Minor),
            ["minCompatibilityMajor"] = Text(Major),
            ["minCompatibilityMinor"] = Text(Minor - 1),
            ["gitVersion"] = Git,
            ["gitCommit"] = "$Format:%H$",
            ["gitTreeState"] = "",
            ["buildDate"] = "1970-01-01T00:00:00Z",
            ["goVersion"] = "go1.25.0",
            ["compiler"] = "gc",
            ["platform"] = "linux/amd64",
        };

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
