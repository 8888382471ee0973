using System.Globalization;
using System.Net.Http.Json;
using VClusterManager.Bench.Measuring;
using VClusterManager.Bench.World;
using VClusterManager.Sandbox.Running;

namespace VClusterManager.Bench.Figures;

/// <summary>What the way through the manager into a virtual cluster costs.</summary>
internal sealed class ProxyFigure : IFigure
{
    private const string ConfigMaps = "/api/v1/namespaces/default/configmaps";
    private const int AtOnce = 32;

    public string Name => "proxy";

    public string Question => "What does the way through the manager into a virtual cluster cost?";

    public string Method =>
        "Small GETs of one ConfigMap through the manager, which reaches the cluster by its Service, beside the same GET "
        + "straight to the cluster; TLS and HTTP/2 on every way, on connections that stay. One each in turns; then 32 at once. Then 500 watches, each on a connection of its own, "
        + "beside as many through a process with YARP's forwarder and nothing else: from the moment in which a ConfigMap is "
        + "sent to the arrival of its event at each watch, one process after the other, and how much memory each has grown by.";

    public async Task<IReadOnlyList<Measurement>> MeasureAsync(Workshop workshop)
    {
        var sandbox = await workshop.StartSandboxAsync("0ms");
        var manager = workshop.Keep(workshop.CreateManager(sandbox));
        await manager.StartAsync();
        using var http = manager.Client();
        var inner = await InnerCluster.MakeAsync(http, "inner", workshop.NewFolder());
        manager.Access = string.Create(
            CultureInfo.InvariantCulture,
            $"{{connection: service, service_address: '127.0.0.1:{inner.Url.Port}'}}"
        );
        manager.Tls = TlsDoor.Make(FreePort.Find(), workshop.NewFolder());
        await manager.StopAsync();
        await manager.StartAsync();
        using var through = manager.Tls.Client(manager.Key);
        using var direct = inner.Direct();
        await MakeAsync(direct, "measured");

        var get = ConfigMaps + "/measured";
        var latency = new Pairs();
        for (var i = 0; i < workshop.Options.Pick(3_000, 20); i++)
        {
            latency.Add(await TimeAsync(through, inner.ProxyPath + get), await TimeAsync(direct, get));
        }

        var bare = await workshop.StartBareProxyAsync(inner.Url, inner.Certificates);
        using var alone = bare.Tls.Client("none");
        var rate = await Rates.AlternateAsync(
            workshop,
            $"small GETs, {AtOnce} at once",
            seconds => RateAsync(through, inner.ProxyPath + get, seconds),
            seconds => RateAsync(direct, get, seconds),
            Bound.RatioAtLeast(0.6)
        );
        var besideAlone = await Rates.AlternateAsync(
            workshop,
            $"small GETs, {AtOnce} at once, beside YARP's forwarder alone",
            seconds => RateAsync(through, inner.ProxyPath + get, seconds),
            seconds => RateAsync(alone, get, seconds),
            bound: null
        );
        return
        [
            latency.Measured(
                "a small GET, p50",
                0.5,
                new Bound("at most 1 ms more", m => m.ManagerValue - m.BesideValue <= 1)
            ),
            latency.Measured("a small GET, p99", 0.99),
            rate,
            besideAlone,
            .. await WatchAsync(workshop, manager, bare, inner, direct),
        ];
    }

    private static async Task<Measurement[]> WatchAsync(
        Workshop workshop,
        ManagerServer manager,
        BareProxy bare,
        InnerCluster inner,
        HttpClient direct
    )
    {
        var count = workshop.Options.Pick(500, 20);
        var arrivals = new Pairs();
        var (grown, whole) = (new Pairs(), new Pairs());
        var ours = await FollowAsync(workshop, manager, inner.ProxyPath, manager.Key, direct, "ours");
        var theirs = await FollowAsync(workshop, bare, "", key: null, direct, "theirs");
        arrivals.AddRange(ours.Arrivals, theirs.Arrivals);
        grown.Add(ours.Grown, theirs.Grown);
        whole.Add(manager.Process.ResidentMebibytes, bare.Process.ResidentMebibytes);
        return
        [
            arrivals.Measured($"an event to {count} watches, p50", 0.5),
            arrivals.Measured($"an event to {count} watches, p99", 0.99, Bound.AtMost(100, "ms")),
            grown.Measured($"memory that {count} watches take", 0.5, Bound.RatioAtMost(1.25), Unit.Mebibytes),
            whole.Measured("memory of the process with them", 0.5, unit: Unit.Mebibytes),
        ];
    }

    /// <summary>Opens the watches, makes changes, and closes them again.</summary>
    private static async Task<(IReadOnlyList<double> Arrivals, double Grown)> FollowAsync(
        Workshop workshop,
        WebProcess proxy,
        string prefix,
        string? key,
        HttpClient direct,
        string name
    )
    {
        var before = proxy.Process.ResidentMebibytes;
        var path = $"{prefix}{ConfigMaps}?watch=true&labelSelector={name}";
        var count = workshop.Options.Pick(500, 20);
        await using var watches = await EventReaders.ConnectAsync(proxy.Port, path, key, count, "\"ADDED\"");
        List<double> arrivals = [];
        for (var i = 0; i < workshop.Options.Pick(40, 2); i++)
        {
            arrivals.AddRange(await watches.TimeAsync(() => MakeAsync(direct, $"{name}-{i}", name)));
            await Clock.PauseAsync(50);
        }

        return (arrivals, proxy.Process.ResidentMebibytes - before);
    }

    private static async Task MakeAsync(HttpClient direct, string name, string? label = null)
    {
        var labels = label is null ? null : new Dictionary<string, string> { [label] = "yes" };
        using var made = await direct.PostAsJsonAsync(
            ConfigMaps,
            new
            {
                apiVersion = "v1",
                kind = "ConfigMap",
                metadata = new { name, labels },
                data = new { text = "small" },
            }
        );
        made.EnsureSuccessStatusCode();
    }

    private static async Task<double> TimeAsync(HttpClient http, string path)
    {
        var started = Clock.Time.GetTimestamp();
        await GetAsync(http, path);
        return Clock.Since(started);
    }

    private static async Task<double> RateAsync(HttpClient http, string path, int seconds)
    {
        var started = Clock.Time.GetTimestamp();
        var done = 0;
        await Task.WhenAll(
            Enumerable
                .Range(0, AtOnce)
                .Select(async _ =>
                {
                    while (Clock.Since(started) < seconds * 1000)
                    {
                        await GetAsync(http, path);
                        Interlocked.Increment(ref done);
                    }
                })
        );
        return done * 1000 / Clock.Since(started);
    }

    private static async Task GetAsync(HttpClient http, string path)
    {
        using var answer = await http.GetAsync(new Uri(path, UriKind.Relative));
        answer.EnsureSuccessStatusCode();
        await answer.Content.CopyToAsync(Stream.Null);
    }
}
