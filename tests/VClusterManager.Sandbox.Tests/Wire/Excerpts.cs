namespace VClusterManager.Sandbox.Tests.Wire;

/// <summary>Recordings that are compared only so far, and why.</summary>
internal static class Excerpts
{
    private static readonly Dictionary<string, int> Lengths = new(StringComparer.Ordinal)
    {
        // All groups of a bare server; ours has one more behind them, which an operator brings.
        ["GET /apis"] = 5_746,
        // Cut after the first groups.
        ["aggregated discovery as kubectl asks"] = 5_000,
        // The documents themselves differ: ours hold what clients read.
        ["openapi v3 index"] = """{"paths":{""".Length,
        ["openapi v3 with its ETag"] = """{"paths":{""".Length,
        // The real controller had not come by yet, ours has: what follows are the conditions.
        ["namespace held by the finalizer: conditions"] = 600,
        // Named events come in another order, since their names hold the time.
        ["events"] = """{"kind": "EventList",""".Length,
        // The body was not kept. Protobuf is read but not written: clients that ask for it take JSON as well.
        ["protobuf asked, not JSON"] = 0,
    };

    public static IEnumerable<string> Titles => Lengths.Keys;

    /// <summary>True where long lines were cut: they are compared as far as they go, but for the last, which is our kubelet's own.</summary>
    public static bool HasCutLines(Recording recording) =>
        recording.Title == "watch of pods while a StatefulSet is made";

    /// <summary>How many characters to compare; null for all.</summary>
    public static int? Of(Recording recording) => Lengths.TryGetValue(recording.Title, out var length) ? length : null;
}
