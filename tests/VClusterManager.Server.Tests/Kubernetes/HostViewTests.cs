using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Shouldly;
using VClusterManager.Server.Kubernetes;
using VClusterManager.Server.Tests.Processes;
using VClusterManager.Server.Tests.TestHost;
using Xunit;

namespace VClusterManager.Server.Tests.Kubernetes;

public sealed class HostViewTests : IAsyncLifetime
{
    private static readonly NamespacedName Demo = new("demo", "demo");
    private EmulatedWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await EmulatedWorld.StartAsync();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    private HostView View => _world.View;

    [Fact]
    public async Task What_was_there_before_and_what_comes_later_are_seen_alike()
    {
        await _world.MakeClusterAsync("team-a", "first");
        await _world.WatchAsync();
        await _world.MakeClusterAsync();

        await ToolBench.WaitUntil(() => View.Owners.Count(key => View.Find(key).Workload?.ReadyReplicas == 1) == 2);
        View.Owners.Select(key => key.ToString()).Order().ShouldBe(["demo/demo", "team-a/first"]);
        View.OwnersNamed("first").ShouldHaveSingleItem().Namespace.ShouldBe("team-a");
        View.Freshness.ShouldBe(new HostFreshness(true, false, TimeSpan.Zero, null));
    }

    [Fact]
    public async Task The_cache_and_a_live_look_agree()
    {
        await _world.WatchAsync();
        await _world.MakeClusterAsync();
        await ToolBench.WaitUntil(() =>
            View.Find(Demo) is { KubeconfigVersion: not null, Workload.ReadyReplicas: 1, Pods: [{ Ready: true }] }
        );

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        string cached,
            live;
        do
        {
            live = JsonSerializer.Serialize(
                (await _world.Reads.LookAsync(Demo, limit.Token))
                    .ShouldBeOfType<HostAnswer<ObservedCluster>.Found>()
                    .Value
            );
            cached = JsonSerializer.Serialize(View.Find(Demo));
        } while (cached != live && !limit.IsCancellationRequested);

        cached.ShouldBe(live);
    }

    [Fact]
    public async Task Every_change_is_told_down_to_the_end_of_the_namespace()
    {
        var told = new ConcurrentDictionary<NamespacedName, int>();
        await _world.WatchAsync();
        View.Changed += key => told.AddOrUpdate(key, 1, (_, n) => n + 1);

        await _world.MakeClusterAsync();
        await ToolBench.WaitUntil(() => View.Find(Demo).Workload?.ReadyReplicas == 1);
        told.ShouldContainKey(Demo);

        var home = View.Find(Demo).Namespace!;
        told.Clear();
        await _world.Writes.DeleteNamespaceAsync("demo", home.Uid, CancellationToken.None);
        await ToolBench.WaitUntil(() =>
            View.Find(Demo) is { Namespace: null, Workload: null, Pods: [], VolumeClaims: [] }
        );

        told.ShouldContainKey(Demo);
        var gone = View.Find(Demo);
        gone.Releases.ShouldBeEmpty();
        gone.KubeconfigVersion.ShouldBeNull();
    }

    [Fact]
    public async Task A_kubeconfig_is_read_again_when_its_secret_has_changed()
    {
        await _world.WatchAsync();
        await _world.MakeClusterAsync();
        await ToolBench.WaitUntil(() => View.Find(Demo).KubeconfigVersion is not null);
        await _world.Reads.KubeconfigAsync(Demo, CancellationToken.None);

        await _world.Api.WriteAsync(
            HttpMethod.Patch,
            HostResource.Secret.Object("demo", "vc-demo"),
            new() { ["stringData"] = new JsonObject { ["config"] = "new" } },
            CancellationToken.None
        );

        // The watch brings it, in its own time.
        await Wait.UntilAsync(async () =>
            await _world.Reads.KubeconfigAsync(Demo, CancellationToken.None)
                is HostAnswer<string>.Found { Value: "new" }
        );
    }

    [Fact]
    public async Task Warnings_are_kept_of_known_clusters_alone()
    {
        await _world.WatchAsync();
        await _world.MakeClusterAsync();
        await ToolBench.WaitUntil(() => View.Find(Demo).Workload is not null);

        await _world.MakeAsync(Warning("tenants", "web-x-default-x-demo"));
        await _world.MakeAsync(Warning("ours", "demo-0"));
        await ToolBench.WaitUntil(() => View.Find(Demo).Warnings.Count > 0);

        View.Find(Demo).Warnings.ShouldHaveSingleItem().ObjectName.ShouldBe("demo-0");
    }

    private static JsonObject Warning(string name, string pod)
    {
        var now = TimeProvider.System.GetUtcNow().AddMinutes(1).ToString("yyyy-MM-ddTHH:mm:ssZ");
        return JsonNode
            .Parse(
                $$$"""
                {"apiVersion":"v1","kind":"Event","type":"Warning","reason":"FailedScheduling","message":"no nodes","count":1,
                 "firstTimestamp":"{{{now}}}","lastTimestamp":"{{{now}}}",
                 "metadata":{"name":"{{{name}}}","namespace":"demo"},
                 "involvedObject":{"kind":"Pod","namespace":"demo","name":"{{{pod}}}"}}
                """
            )!
            .AsObject();
    }
}
