using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Authentication;
using VClusterManager.Sandbox.Controllers;
using VClusterManager.Sandbox.Controllers.Loop;
using VClusterManager.Sandbox.Faults;
using VClusterManager.Sandbox.Json;
using VClusterManager.Sandbox.Listening;
using VClusterManager.Sandbox.Registry;
using VClusterManager.Sandbox.Snapshots;
using VClusterManager.Sandbox.VirtualClusters;

namespace VClusterManager.Sandbox;

/// <summary>
/// A Kubernetes host in this process, with the virtual clusters on it: real clients reach it over HTTPS on a loopback
/// port and cannot tell.
/// </summary>
public sealed class EmulatedHost : IAsyncDisposable
{
    private readonly WebApplication _web;
    private readonly HostSnapshot? _snapshot;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _keeping;

    private EmulatedHost(WebApplication web, EmulatedCluster cluster, Fleet fleet, HostSnapshot? snapshot)
    {
        _web = web;
        _snapshot = snapshot;
        Cluster = cluster;
        Fleet = fleet;
        Kubeconfig = cluster.KubeconfigFor("admin", Identity.Masters);
        AdminToken = RandomNumberGenerator.GetHexString(40, lowercase: true);
        cluster.Authenticator.AddToken(AdminToken, new Identity("admin", [Identity.Masters, Identity.Authenticated]));
        _keeping = snapshot?.KeepAsync(cluster, fleet, _stopping.Token) ?? Task.CompletedTask;
    }

    /// <summary>A kubeconfig of an administrator, with client certificate.</summary>
    public string Kubeconfig { get; }

    /// <summary>A bearer token of the same administrator.</summary>
    public string AdminToken { get; }

    /// <summary>The address of the Kubernetes API.</summary>
    public Uri Url => Cluster.Url;

    /// <summary>The address of the control API: faults and the request log.</summary>
    public Uri ControlUrl => new(_web.Urls.First(url => url.StartsWith("http:", StringComparison.Ordinal)));

    internal EmulatedCluster Cluster { get; }

    internal Fleet Fleet { get; }

    internal FaultBoard Faults => Cluster.Settings.Faults;

    internal RequestLog Requests => Cluster.Settings.Requests;

    /// <summary>Starts the host; it answers when this returns.</summary>
    public static async Task<EmulatedHost> StartAsync(
        EmulatedHostOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        options ??= new EmulatedHostOptions();
        var loggers = options.Loggers ?? LoggerFactory.Create(_ => { });
        var listener = new ClusterListener(loggers);
        var directory = new ClusterDirectory();
        var settings = new ClusterSettings(
            options.Time,
            loggers,
            new Pace(options.ReadyDelay),
            new FaultBoard(),
            new RequestLog()
        );
        SetFaults(options, settings.Faults);
        var snapshot = options.DataDirectory is { } data
            ? new HostSnapshot(data, loggers.CreateLogger<HostSnapshot>())
            : null;
        var earlier = snapshot?.Read();
        var cluster = CreateCluster(options, listener, settings, earlier);
        directory.Add(cluster.Port.Number, () => cluster);
        var fleet = new Fleet(listener, directory, settings);
        cluster.Network.ControlPlaneOf = pod =>
            pod.Labels.Text("app") == "vcluster"
                ? fleet.Find(new ClusterTarget(pod.Namespace, Owners.VirtualClusterOf(pod)))?.Port
                : null;
        Populate(cluster, fleet, earlier);
        var switches = ConnectSwitches(cluster, fleet);
        var control = new ControlApi(settings.Faults, settings.Requests, cluster);
        var web = SandboxWeb.Build(listener, directory, loggers, options.ControlPort, control.HandleAsync);
        await web.StartAsync(cancellationToken);
        switches.Apply();
        return new EmulatedHost(web, cluster, fleet, snapshot);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _keeping.ContinueWith(_ => { }, TaskScheduler.Default);
        _snapshot?.Write(Cluster, Fleet);
        Cluster.Dispose();
        Fleet.Dispose();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2), TimeProvider.System);
        await _web.StopAsync(patience.Token);
        await _web.DisposeAsync();
        _stopping.Dispose();
    }

    private static EmulatedCluster CreateCluster(
        EmulatedHostOptions options,
        ClusterListener listener,
        ClusterSettings settings,
        JsonObject? earlier
    )
    {
        var authority = earlier.Text("authority") is { } pem
            ? CertificateAuthority.Load(pem, options.Time)
            : CertificateAuthority.Create($"{options.Name}-ca", options.Time);
        return new EmulatedCluster(
            options.Name,
            ClusterVersion.Host,
            authority,
            TakePort(listener, options.Port, earlier),
            settings,
            ClusterSnapshot.TokenKey(earlier.Object("host"))
        );
    }

    /// <summary>The port that was asked for, else that of the earlier run if it is free still, else any.</summary>
    private static ClusterPort TakePort(ClusterListener listener, int asked, JsonObject? earlier)
    {
        if (asked != 0 || earlier.Number("port") is not { } before)
        {
            return listener.TakePort(asked);
        }

        try
        {
            return listener.TakePort((int)before);
        }
        catch (SocketException)
        {
            return listener.TakePort(0);
        }
    }

    private static void Populate(EmulatedCluster cluster, Fleet fleet, JsonObject? earlier)
    {
        HostSnapshot.RestoreFleet(fleet, earlier, cluster.Time);
        var restored = ClusterSnapshot.Restore(cluster, earlier.Object("host"));
        StandardControllers.AddTo(cluster);
        cluster.Controllers.Add(new VirtualClusterController(cluster.ControllerContext, fleet));
        cluster.Controllers.Start();
        if (!restored)
        {
            BootObjects.CreateIn(cluster);
        }
    }

    private static PortSwitches ConnectSwitches(EmulatedCluster cluster, Fleet fleet)
    {
        var switches = new PortSwitches(cluster, fleet, cluster.Settings.Faults);
        cluster.Settings.Faults.OnChange(() =>
        {
            switches.Apply();
            cluster.Controllers.LookAgain();
        });
        return switches;
    }

    private static void SetFaults(EmulatedHostOptions options, FaultBoard board)
    {
        foreach (var (name, value) in options.Faults)
        {
            board.Set(new Fault(name, value, ClusterTarget.Everything));
        }
    }
}
