using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Authentication;
using VClusterManager.Sandbox.Controllers;
using VClusterManager.Sandbox.Faults;
using VClusterManager.Sandbox.Json;
using VClusterManager.Sandbox.Listening;
using VClusterManager.Sandbox.Snapshots;

namespace VClusterManager.Sandbox.VirtualClusters;

/// <summary>
/// One virtual cluster: a port and an authority for as long as its volume lives, open while its control plane runs.
/// Its objects come into being when someone first connects; until then it costs a socket.
/// </summary>
internal sealed class VirtualCluster : IDisposable
{
    private readonly ClusterSettings _settings;
    private readonly Lock _lock = new();
    private EmulatedCluster? _cluster;
    private JsonObject? _restored;
    private bool _running;

    public VirtualCluster(
        ClusterTarget target,
        string stateId,
        CertificateAuthority authority,
        ClusterPort port,
        ClusterSettings settings
    )
    {
        Target = target;
        StateId = stateId;
        Authority = authority;
        Port = port;
        _settings = settings;
    }

    public ClusterTarget Target { get; }

    /// <summary>What the state lies on: the uid of the claim, or of the workload where there is none.</summary>
    public string StateId { get; }

    public CertificateAuthority Authority { get; }

    public ClusterPort Port { get; }

    /// <summary>What its control plane says it is; changes with an upgrade.</summary>
    public ClusterVersion Version { get; private set; } = ClusterVersion.Host;

    public Uri Url => new($"https://127.0.0.1:{Port.Number}");

    /// <summary>The control plane came up, with this version.</summary>
    public void Run(ClusterVersion version)
    {
        lock (_lock)
        {
            _running = true;
            Version = version;
            if (_cluster is not null)
            {
                _cluster.Version = version;
            }
        }

        ApplyPort();
    }

    /// <summary>The control plane is down: asleep, or on its way up.</summary>
    public void Halt()
    {
        lock (_lock)
        {
            _running = false;
        }

        ApplyPort();
    }

    public void ApplyPort()
    {
        // Looked at and done in one: who looked before a change must not switch after it.
        lock (_lock)
        {
            var away = _settings.Faults.FindExactly(FaultNames.ApiAway, Target);
            if (_running && away is null or PortSwitches.Unavailable)
            {
                Port.Open();
            }
            else
            {
                Port.Close();
            }
        }
    }

    /// <summary>The cluster itself, brought to life at the first call.</summary>
    public EmulatedCluster Materialise()
    {
        lock (_lock)
        {
            return _cluster ??= Create();
        }
    }

    /// <summary>How far its objects have come; 0 while no one has connected.</summary>
    public long StoreVersion => _cluster?.Store.Version ?? 0;

    /// <summary>Its objects as they lie on disk; null while no one has ever connected.</summary>
    public JsonObject? Snapshot()
    {
        lock (_lock)
        {
            return _cluster is null ? _restored?.Copy() : ClusterSnapshot.Of(_cluster);
        }
    }

    /// <summary>What an earlier run left, for when someone connects.</summary>
    public void Restore(JsonObject? snapshot)
    {
        lock (_lock)
        {
            _restored = snapshot;
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _cluster?.Dispose();
            Port.Dispose();
            Authority.Dispose();
        }
    }

    private EmulatedCluster Create()
    {
        var service = $"{Target.Name}.{Target.Namespace}";
        var cluster = new EmulatedCluster(
            $"{Target.Namespace}/{Target.Name}",
            Version,
            Authority,
            Port,
            _settings,
            ClusterSnapshot.TokenKey(_restored)
        )
        {
            Target = Target,
            ExtraServerNames = [Target.Name, service, $"{service}.svc", $"{service}.svc.cluster.local"],
        };
        var restored = ClusterSnapshot.Restore(cluster, _restored);
        _restored = null;
        StandardControllers.AddTo(cluster);
        cluster.Controllers.Start();
        if (!restored)
        {
            VirtualClusterSeed.Plant(cluster);
        }

        return cluster;
    }
}
