using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Authentication;
using VClusterManager.Sandbox.Faults;
using VClusterManager.Sandbox.Json;
using VClusterManager.Sandbox.VirtualClusters;

namespace VClusterManager.Sandbox.Snapshots;

/// <summary>
/// A host and its virtual clusters on disk: written every few seconds when something changed, and when the host stops.
/// </summary>
internal sealed partial class HostSnapshot(string directory, ILogger logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly string _path = Path.Combine(directory, "host.json");
    private readonly Lock _writing = new();
    private long _written = -1;

    public JsonObject? Read()
    {
        Directory.CreateDirectory(directory);
        return SnapshotFile.Read(_path);
    }

    public void Write(EmulatedCluster host, Fleet fleet)
    {
        lock (_writing)
        {
            _written = VersionOf(host, fleet);
            SnapshotFile.Write(
                _path,
                new JsonObject
                {
                    ["port"] = host.Port.Number,
                    ["authority"] = host.Authority.Pem,
                    ["host"] = ClusterSnapshot.Of(host),
                    ["clusters"] = new JsonArray([.. fleet.All.Select(cluster => (JsonNode)Describe(cluster))]),
                }
            );
        }
    }

    /// <summary>Writes from time to time until it is cancelled.</summary>
    public async Task KeepAsync(EmulatedCluster host, Fleet fleet, CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(Interval, host.Time);
        while (await timer.WaitForNextTickAsync(cancel))
        {
            if (VersionOf(host, fleet) == _written)
            {
                continue;
            }

            try
            {
                Write(host, fleet);
            }
            catch (IOException exception)
            {
                Log.NotWritten(logger, exception, _path);
            }
        }
    }

    public static void RestoreFleet(Fleet fleet, JsonObject? snapshot, TimeProvider time)
    {
        foreach (var entry in snapshot.Objects("clusters"))
        {
            var target = new ClusterTarget(entry.Text("namespace") ?? "", entry.Text("name") ?? "");
            var authority = CertificateAuthority.Load(entry.Text("authority") ?? "", time);
            var cluster = fleet.Add(target, entry.Text("state_id") ?? "", authority, (int)(entry.Number("port") ?? 0));
            cluster.Restore(entry.Object("objects")?.Copy());
        }
    }

    private static JsonObject Describe(VirtualCluster cluster) =>
        new()
        {
            ["namespace"] = cluster.Target.Namespace,
            ["name"] = cluster.Target.Name,
            ["state_id"] = cluster.StateId,
            ["port"] = cluster.Port.Number,
            ["authority"] = cluster.Authority.Pem,
            ["objects"] = cluster.Snapshot(),
        };

    private static long VersionOf(EmulatedCluster host, Fleet fleet) =>
        host.Store.Version + fleet.All.Sum(cluster => cluster.StoreVersion);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The snapshot {Path} was not written")]
        public static partial void NotWritten(ILogger logger, Exception exception, string path);
    }
}
