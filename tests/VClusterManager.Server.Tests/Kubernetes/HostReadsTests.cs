using System.Text.Json;
using System.Text.Json.Nodes;
using Shouldly;
using VClusterManager.Server.Kubernetes;
using Xunit;

namespace VClusterManager.Server.Tests.Kubernetes;

public sealed class HostReadsTests : IAsyncLifetime
{
    private static readonly NamespacedName Demo = new("demo", "demo");
    private EmulatedWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await EmulatedWorld.StartAsync();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    private async Task<ObservedCluster> LookUntil(Func<ObservedCluster, bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            var seen = Found(await _world.Reads.LookAsync(Demo, limit.Token));
            if (condition(seen))
                return seen;
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, limit.Token);
        }
    }

    private static T Found<T>(HostAnswer<T> answer) => answer.ShouldBeOfType<HostAnswer<T>.Found>().Value;

    private static JsonObject ConfigMap(string name, JsonObject? labels = null) =>
        new()
        {
            ["apiVersion"] = "v1",
            ["kind"] = "ConfigMap",
            ["metadata"] = new JsonObject
            {
                ["name"] = name,
                ["namespace"] = "demo",
                ["labels"] = labels,
            },
        };

    [Fact]
    public async Task What_is_not_there_is_absent_in_the_answer()
    {
        var seen = Found(await _world.Reads.LookAsync(Demo, CancellationToken.None));

        JsonSerializer.Serialize(seen).ShouldBe(JsonSerializer.Serialize(new ObservedCluster { Key = Demo }));
        Found(await _world.Reads.TracesAsync(Demo, CancellationToken.None)).ShouldBeEmpty();
        Found(await _world.Reads.StrangersAsync(Demo, CancellationToken.None)).ShouldBeEmpty();
        (
            await _world.Reads.NamespaceAsync("demo", CancellationToken.None)
        ).ShouldBeOfType<HostAnswer<ObservedNamespace>.Missing>();
        (await _world.Reads.KubeconfigAsync(Demo, CancellationToken.None)).ShouldBeOfType<HostAnswer<string>.Missing>();
    }

    [Fact]
    public async Task A_look_shows_every_part_of_a_cluster()
    {
        await _world.MakeClusterAsync();

        var seen = await LookUntil(s =>
            s.Workload is { ReadyReplicas: 1, UpToDate: true } && s.Pods is [{ Ready: true }]
        );

        seen.Namespace!.Annotations["vcluster.loft.sh/created"].ShouldBe("true");
        seen.Namespace.Terminating.ShouldBeFalse();
        seen.Workload!.Kind.ShouldBe(WorkloadKind.StatefulSet);
        seen.Workload.KubernetesImageTag.ShouldBe("v1.35.0");
        seen.Workload.ChartVersion.ShouldBe("0.34.7");
        seen.Workload.Paused.ShouldBeFalse();
        seen.Pods.ShouldHaveSingleItem().Name.ShouldBe("demo-0", "tenants' pods are not the control plane's");
        seen.Releases.ShouldHaveSingleItem().Status.ShouldBe("deployed");
        seen.Releases[0].Revision.ShouldBe(1);
        seen.Releases[0].ModifiedAt.ShouldBe(DateTimeOffset.FromUnixTimeSeconds(1795364437));
        seen.VolumeClaims.ShouldHaveSingleItem().Name.ShouldBe("data-demo-0");
        seen.KubeconfigVersion.ShouldNotBeNull();
    }

    [Fact]
    public async Task Everything_that_belongs_to_the_cluster_is_a_trace_and_nothing_else()
    {
        await _world.MakeClusterAsync();
        await _world.MakeClusterAsync("other", "other");
        await LookUntil(s => s.Pods is [{ Ready: true }] && s.KubeconfigVersion is not null);
        await _world.MakeAsync(ConfigMap("mine"));
        await _world.MakeAsync(
            ConfigMap(
                "tenants-of-another",
                new JsonObject
                {
                    ["vcluster.loft.sh/managed-by"] = "x",
                    ["app"] = "vcluster",
                    ["release"] = "demo",
                }
            )
        );

        var traces = Found(await _world.Reads.TracesAsync(Demo, CancellationToken.None));

        traces
            .Select(t => t.ToString())
            .Order(StringComparer.Ordinal)
            .ShouldBe([
                "ClusterRole vc-demo-v-demo",
                "ClusterRoleBinding vc-demo-v-demo",
                "ConfigMap demo/coredns-x-kube-system-x-demo",
                "ConfigMap demo/kube-root-ca.crt-x-kube-system-x-demo",
                "ConfigMap demo/openshift-service-ca.crt-x-kube-system-x-demo",
                "PersistentVolumeClaim demo/data-demo-0",
                "Pod demo/coredns-79cf5f4c56-xqzwv-x-kube-system-x-demo",
                "Pod demo/demo-0",
                "Role demo/vc-demo",
                "RoleBinding demo/vc-demo",
                "Secret demo/demo-certs",
                "Secret demo/sh.helm.release.v1.demo.v1",
                "Secret demo/vc-config-demo",
                "Secret demo/vc-demo",
                "Service demo/demo",
                "Service demo/demo-headless",
                "Service demo/demo-node-real-0",
                "Service demo/kube-dns-x-kube-system-x-demo",
                "ServiceAccount demo/vc-demo",
                "ServiceAccount demo/vc-workload-demo",
                "StatefulSet demo/demo",
            ]);
        traces.ShouldAllBe(t => t.Uid.Length > 0);
        traces.Single(t => t.Kind == "PersistentVolumeClaim").Finalizers.ShouldContain("kubernetes.io/pvc-protection");

        Found(await _world.Reads.StrangersAsync(Demo, CancellationToken.None))
            .Select(t => t.ToString())
            .ShouldBe(["ConfigMap demo/mine", "ConfigMap demo/tenants-of-another"], ignoreOrder: true);
    }

    [Fact]
    public async Task Traces_can_be_deleted_one_by_one_until_none_is_left()
    {
        await _world.MakeClusterAsync();
        await LookUntil(s => s.Pods is [{ Ready: true }]);

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (Found(await _world.Reads.TracesAsync(Demo, limit.Token)) is { Count: > 0 } traces)
        {
            foreach (var trace in traces.Where(t => !t.Deleting))
            {
                var write = await _world.Writes.DeleteAsync(trace, limit.Token);
                // As long as the control plane runs it may make its secret anew: the next look finds that one.
                (write is HostWrite.Done or HostWrite.Missing or HostWrite.Conflict).ShouldBeTrue($"{write}");
            }
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, limit.Token);
        }

        (await _world.Reads.NamespaceAsync("demo", limit.Token)).ShouldBeOfType<HostAnswer<ObservedNamespace>.Found>();
    }

    [Fact]
    public async Task An_object_that_is_another_one_by_now_is_not_deleted()
    {
        await _world.MakeClusterAsync();
        var trace = new HostTrace("ConfigMap", "demo", "coredns-x-kube-system-x-demo", "another-uid", false, []);

        (await _world.Writes.DeleteAsync(trace, CancellationToken.None)).ShouldBeOfType<HostWrite.Conflict>();
        (
            await _world.Writes.DeleteNamespaceAsync("demo", "another-uid", CancellationToken.None)
        ).ShouldBeOfType<HostWrite.Conflict>();
        (
            await _world.Writes.DeleteNamespaceAsync("nowhere", "any", CancellationToken.None)
        ).ShouldBeOfType<HostWrite.Missing>();
    }

    [Fact]
    public async Task A_namespace_is_made_once_stamped_and_deleted()
    {
        var (none, cancellation) = (new Dictionary<string, string?>(), CancellationToken.None);
        var labels = new Dictionary<string, string> { ["owner"] = "me" };

        (await _world.Writes.CreateNamespaceAsync("made", labels, labels, cancellation)).ShouldBe(new HostWrite.Done());
        (
            await _world.Writes.CreateNamespaceAsync("made", labels, labels, cancellation)
        ).ShouldBeOfType<HostWrite.Conflict>();
        (
            await _world.Writes.StampAsync(
                new("made", "x"),
                null,
                new Dictionary<string, string?> { ["owner"] = null, ["instance"] = "a" },
                none,
                cancellation
            )
        ).ShouldBe(new HostWrite.Done());

        var made = Found(await _world.Reads.NamespaceAsync("made", cancellation));
        made.Labels.ContainsKey("owner").ShouldBeFalse();
        made.Labels["instance"].ShouldBe("a");
        made.Annotations["owner"].ShouldBe("me");
        (await _world.Writes.DeleteNamespaceAsync("made", made.Uid, cancellation)).ShouldBe(new HostWrite.Done());
    }

    [Fact]
    public async Task A_workload_is_stamped_without_touching_the_rest()
    {
        await _world.MakeClusterAsync();

        var stamp = new Dictionary<string, string?> { ["example.com/id"] = "1" };
        (await _world.Writes.StampAsync(Demo, WorkloadKind.StatefulSet, stamp, stamp, CancellationToken.None)).ShouldBe(
            new HostWrite.Done()
        );
        (
            await _world.Writes.StampAsync(Demo, WorkloadKind.Deployment, stamp, stamp, CancellationToken.None)
        ).ShouldBeOfType<HostWrite.Missing>();

        var workload = Found(await _world.Reads.LookAsync(Demo, CancellationToken.None)).Workload!;
        workload.Labels["example.com/id"].ShouldBe("1");
        workload.Labels["app"].ShouldBe("vcluster");
        workload.Annotations["example.com/id"].ShouldBe("1");
    }

    [Fact]
    public async Task The_kubeconfig_is_what_lies_in_the_secret()
    {
        await _world.MakeClusterAsync();

        Found(await _world.Reads.KubeconfigAsync(Demo, CancellationToken.None)).ShouldBe("kind: Config\n");
    }

    [Fact]
    public async Task The_host_tells_its_storage()
    {
        Found(await _world.Reads.DefaultStorageClassAsync(CancellationToken.None)).ShouldBeTrue();
    }
}
