using Shouldly;
using VClusterManager.Server.DynamicEndpoints.Definitions;
using VClusterManager.Server.DynamicEndpoints.Reading;

namespace VClusterManager.Server.Tests.DynamicEndpoints;

/// <summary>Files of endpoints, read.</summary>
internal static class EndpointFiles
{
    private static readonly string[] s_commands = ["kubectl", "vcluster", "dump"];

    public static IReadOnlyList<EndpointDefinition> Read(string yaml) =>
        EndpointsFile.Read(yaml, s_commands) switch
        {
            EndpointsResult.Valid valid => valid.Endpoints,
            EndpointsResult.Invalid invalid => throw new ShouldAssertException(
                string.Join('\n', invalid.Errors.Select(e => e.In("file")))
            ),
            _ => throw new InvalidOperationException(),
        };

    public static EndpointDefinition One(string yaml) => Read(yaml).ShouldHaveSingleItem();

    public static IReadOnlyList<EndpointError> Errors(string yaml) =>
        EndpointsFile.Read(yaml, s_commands) is EndpointsResult.Invalid invalid ? invalid.Errors : [];

    /// <summary>An endpoint with these fields beside those that each one needs; a field that is given counts.</summary>
    public static string With(string fields)
    {
        Dictionary<string, string> needed = new()
        {
            ["name"] = "one",
            ["description"] = "One.",
            ["path"] = "/one",
            ["command"] = "kubectl",
            ["args"] = "[get, pods]",
        };
        var lines = fields.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        foreach (var key in needed.Keys.Where(k => lines.Any(l => l.StartsWith(k + ":", StringComparison.Ordinal))))
        {
            needed.Remove(key);
        }

        var all = needed.Select(n => $"{n.Key}: {n.Value}").Concat(lines).ToList();
        return "endpoints:\n  - " + string.Join("\n    ", all) + "\n";
    }
}
