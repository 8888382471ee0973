using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using VClusterManager.Sandbox;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Kubernetes;
using VClusterManager.Server.Kubernetes.Watching;

namespace VClusterManager.Server.Tests.Kubernetes;

/// <summary>An emulated host, and this room connected to it over HTTPS with a client certificate.</summary>
internal sealed class EmulatedWorld : IAsyncDisposable
{
    private readonly EmulatedHost _host;
    private readonly string _folder = Directory.CreateTempSubdirectory("emulated-world-").FullName;
    private readonly HostConnection _connection;
    private readonly HostWatcher _watcher;

    private EmulatedWorld(EmulatedHost host)
    {
        _host = host;
        var kubeconfig = Path.Combine(_folder, "config");
        File.WriteAllText(kubeconfig, host.Kubeconfig);
        Configuration = new HostConfiguration(new KubernetesOptions { Kubeconfig = kubeconfig, Context = null });
        _connection = new HostConnection(Configuration, new HostClock(TimeProvider.System), TimeProvider.System);
        Api = new HostApi(_connection, TimeProvider.System) { Timeout = TimeSpan.FromSeconds(30) };
        Reads = new HostReads(Api, View);
        Writes = new HostWrites(Api);
        _watcher = new HostWatcher(Api, View, TimeProvider.System, NullLogger<HostWatcher>.Instance);
    }

    public HostConfiguration Configuration { get; }

    public HostApi Api { get; }

    public HostView View { get; } = new();

    public HostReads Reads { get; }

    public HostWrites Writes { get; }

    public static async Task<EmulatedWorld> StartAsync() =>
        new(await EmulatedHost.StartAsync(new EmulatedHostOptions()));

    public async Task WatchAsync()
    {
        await _watcher.StartAsync(CancellationToken.None);
        await View.WaitForSyncAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);
    }

    /// <summary>Makes the recorded cluster <c>demo</c>, in another namespace and under another name if asked.</summary>
    public async Task MakeClusterAsync(string @namespace = "demo", string name = "demo")
    {
        var text = await File.ReadAllTextAsync(
            Path.Combine(AppContext.BaseDirectory, "Kubernetes", "Objects", "demo.json")
        );
        foreach (var item in JsonNode.Parse(text)!.AsArray().Select(i => i!.AsObject()))
        {
            // The controllers make the workload's own pod.
            if ((string?)item["metadata"]!["name"] == "demo-0")
                continue;
            await MakeAsync(Renamed(item, @namespace, name));
        }
    }

    public async Task MakeAsync(JsonObject item)
    {
        var resource = HostResource.OfKind((string)item["kind"]!);
        var path = resource.Collection((string?)item["metadata"]!["namespace"]);
        var made = await Api.WriteAsync(HttpMethod.Post, path, item, CancellationToken.None);
        if (made is not HostWrite.Done)
            throw new InvalidOperationException($"{resource.Kind} {item["metadata"]!["name"]}: {made}");
    }

    public async ValueTask DisposeAsync()
    {
        await _watcher.StopAsync(CancellationToken.None);
        _watcher.Dispose();
        _connection.Dispose();
        await _host.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static JsonObject Renamed(JsonObject item, string @namespace, string name)
    {
        var text = item.ToJsonString();
        if (name != "demo")
            text = text.Replace("demo", name, StringComparison.Ordinal);
        var made = JsonNode.Parse(text)!.AsObject();
        var metadata = made["metadata"]!.AsObject();
        if ((string)made["kind"]! == "Namespace")
            metadata["name"] = @namespace;
        if (metadata.ContainsKey("namespace"))
            metadata["namespace"] = @namespace;
        if (
            metadata["annotations"] is JsonObject annotations
            && annotations.ContainsKey("meta.helm.sh/release-namespace")
        )
            annotations["meta.helm.sh/release-namespace"] = @namespace;
        // Of the host that it was recorded on.
        foreach (var key in (string[])["uid", "resourceVersion", "ownerReferences", "creationTimestamp", "generation"])
            metadata.Remove(key);
        made.Remove("status");
        if (made["spec"] is JsonObject spec && (string)made["kind"]! == "Service")
        {
            spec.Remove("clusterIP");
            spec.Remove("clusterIPs");
        }

        return made;
    }
}
