using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using VClusterManager.Server.Kubernetes;
using VClusterManager.Server.Kubernetes.Watching;
using VClusterManager.Server.Tests.Processes;
using Xunit;
using static VClusterManager.Server.Tests.Kubernetes.ScriptedHost;

namespace VClusterManager.Server.Tests.Kubernetes;

public sealed class HostFailureTests : IAsyncLifetime
{
    private static readonly NamespacedName Demo = new("demo", "demo");
    private ScriptedHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await ScriptedHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private HostReads Reads => new(_host.Api, new HostView());

    [Theory]
    [InlineData(500, "etcdserver: request timed out", false)]
    [InlineData(429, "Too many requests", false)]
    [InlineData(401, "Unauthorized", false)]
    [InlineData(403, "namespaces \"demo\" is forbidden", true)]
    public async Task What_is_not_answered_is_unreadable_in_the_hosts_words(int code, string words, bool forbidden)
    {
        _host.On("/api/v1/namespaces/demo", watch: false, Status(code, words));

        var answer = await Reads.NamespaceAsync("demo", CancellationToken.None);

        answer.ShouldBe(new HostAnswer<ObservedNamespace>.Unreadable(words, forbidden));
    }

    [Fact]
    public async Task One_part_that_cannot_be_read_makes_the_whole_look_unreadable()
    {
        _host.OnList("/api/v1/namespaces/demo/pods", Status(503, "apiserver not ready"));
        _host.On("/api/v1/namespaces/demo", watch: false, Status(404, "not found", "NotFound", "demo"));
        _host.On(
            "/api/v1/namespaces/demo/secrets/vc-demo",
            watch: false,
            Status(404, "not found", "NotFound", "vc-demo")
        );
        _host.Scripts.Enqueue(
            async (context, _) =>
            {
                await List("10")(context);
                return true;
            }
        );

        (await Reads.LookAsync(Demo, CancellationToken.None)).ShouldBe(
            new HostAnswer<ObservedCluster>.Unreadable("apiserver not ready")
        );
        (await Reads.TracesAsync(Demo, CancellationToken.None)).ShouldBe(
            new HostAnswer<IReadOnlyList<HostTrace>>.Unreadable("apiserver not ready")
        );
    }

    [Theory]
    [InlineData("this is not JSON")]
    [InlineData("[]")]
    [InlineData("""{"items":[]}""")]
    public async Task An_answer_that_makes_no_sense_is_unreadable(string body)
    {
        _host.OnList("/apis/storage.k8s.io/v1/storageclasses", Json(body));

        (await Reads.DefaultStorageClassAsync(CancellationToken.None))
            .ShouldBeOfType<HostAnswer<bool>.Unreadable>()
            .Reason.ShouldStartWith("the host's API gave an answer that cannot be read");
    }

    [Theory]
    [InlineData(403, "exceeded quota", typeof(HostWrite.Refused))]
    [InlineData(422, "invalid", typeof(HostWrite.Refused))]
    [InlineData(409, "already exists", typeof(HostWrite.Conflict))]
    [InlineData(500, "broken", typeof(HostWrite.Unreachable))]
    [InlineData(429, "slow down", typeof(HostWrite.Unreachable))]
    public async Task Writes_tell_apart_what_the_caller_must_tell_apart(int code, string words, Type outcome)
    {
        _host.On("/api/v1/namespaces", watch: false, Status(code, words));
        var none = new Dictionary<string, string>();

        var written = await new HostWrites(_host.Api).CreateNamespaceAsync("x", none, none, CancellationToken.None);

        written.ShouldBeOfType(outcome);
    }

    [Fact]
    public async Task A_wrong_address_makes_nothing_look_gone()
    {
        _host.Scripts.Enqueue(
            async (context, _) =>
            {
                await Html(404)(context);
                return true;
            }
        );
        var nothing = new HostTrace("Pod", "demo", "demo-0", "uid", false, []);

        (await Reads.LookAsync(Demo, CancellationToken.None)).ShouldBe(
            new HostAnswer<ObservedCluster>.Unreadable("404 Not Found")
        );
        (await Reads.TracesAsync(Demo, CancellationToken.None)).ShouldBeOfType<HostAnswer<
            IReadOnlyList<HostTrace>
        >.Unreadable>();
        (await Reads.StrangersAsync(Demo, CancellationToken.None)).ShouldBeOfType<HostAnswer<
            IReadOnlyList<HostTrace>
        >.Unreadable>();
        (
            await Reads.NamespaceAsync("demo", CancellationToken.None)
        ).ShouldBeOfType<HostAnswer<ObservedNamespace>.Unreadable>();
        (await Reads.KubeconfigAsync(Demo, CancellationToken.None)).ShouldBeOfType<HostAnswer<string>.Unreadable>();
        (await new HostWrites(_host.Api).DeleteAsync(nothing, CancellationToken.None)).ShouldBe(
            new HostWrite.Unreachable("404 Not Found")
        );
    }

    [Fact]
    public async Task An_api_that_is_not_there_is_unreadable_and_unreachable()
    {
        var folder = Directory.CreateTempSubdirectory("no-host-").FullName;
        var file = Path.Combine(folder, "config");
        await File.WriteAllTextAsync(
            file,
            """
            apiVersion: v1
            kind: Config
            current-context: host
            contexts: [{name: host, context: {cluster: host}}]
            clusters: [{name: host, cluster: {server: "http://127.0.0.1:1"}}]
            """
        );
        using var connection = Connect(file, TimeProvider.System);
        var api = new HostApi(connection, TimeProvider.System);
        var none = new Dictionary<string, string>();

        var read = await new HostReads(api, new HostView()).LookAsync(Demo, CancellationToken.None);
        var written = await new HostWrites(api).CreateNamespaceAsync("x", none, none, CancellationToken.None);

        read.ShouldBeOfType<HostAnswer<ObservedCluster>.Unreadable>()
            .Reason.ShouldBe("the host's API cannot be reached: Connection refused");
        written.ShouldBeOfType<HostWrite.Unreachable>();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_kubeconfig_that_is_missing_is_said_and_found_when_it_comes()
    {
        using var connection = Connect("/nowhere/config", TimeProvider.System);

        var answer = await VersionAsync(new HostApi(connection, TimeProvider.System));

        answer
            .ShouldBeOfType<HostAnswer<string?>.Unreadable>()
            .Reason.ShouldBe(
                "kubeconfig /nowhere/config cannot be used: /nowhere/config does not exist: set kubernetes.kubeconfig (KUBECONFIG)"
            );
    }

    [Fact]
    public async Task A_kubeconfig_that_changes_is_read_again()
    {
        var time = new FakeTimeProvider();
        _host.On("/version", watch: false, Json("""{"gitVersion":"v1.35.0"}"""));
        using var connection = Connect(_host.WriteKubeconfig("too-old", "renewed"), time);
        var api = new HostApi(connection, TimeProvider.System);
        (await VersionAsync(api)).ShouldBe(new HostAnswer<string?>.Unreadable("Unauthorized"));

        _host.WriteKubeconfig("secret-token", "renewed");
        time.Advance(TimeSpan.FromSeconds(6));

        (await VersionAsync(api)).ShouldBe(new HostAnswer<string?>.Found("v1.35.0"));
    }

    [Fact]
    public async Task A_read_has_a_time_limit_and_the_callers_own_end()
    {
        _host.On("/version", watch: false, _host.Open());
        var api = new HostApi(_host.Connection, TimeProvider.System) { Timeout = TimeSpan.FromMilliseconds(200) };

        (await VersionAsync(api)).ShouldBe(
            new HostAnswer<string?>.Unreadable("the host's API did not answer within 0.2 s")
        );
        await Should.ThrowAsync<OperationCanceledException>(() =>
            VersionAsync(api, new CancellationToken(canceled: true))
        );
    }

    [Fact]
    public async Task The_view_is_stale_while_there_is_no_sign_of_life_and_fresh_again_after()
    {
        var time = new FakeTimeProvider();
        var away = false;
        foreach (var path in Watched)
        {
            _host.OnList(path, List("10"));
            _host.OnWatch(path, _host.Open());
        }

        _host.On(
            "/version",
            watch: false,
            context => away ? Status(503, "apiserver is gone")(context) : Json("""{"gitVersion":"v1.35.0"}""")(context)
        );
        var view = new HostView();
        var changes = 0;
        view.FreshnessChanged += () => Interlocked.Increment(ref changes);
        using var watcher = new HostWatcher(
            new HostApi(_host.Connection, time),
            view,
            time,
            NullLogger<HostWatcher>.Instance
        );
        view.Freshness.Synced.ShouldBeFalse();
        await watcher.StartAsync(CancellationToken.None);
        await view.WaitForSyncAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);
        view.Freshness.ShouldBe(new HostFreshness(true, false, TimeSpan.Zero, null));
        view.HostVersion.ShouldBe("v1.35.0");

        away = true;
        await ToolBench.WaitUntil(() =>
        {
            time.Advance(TimeSpan.FromMilliseconds(200));
            // By this clock an answer that takes a while has not come in time, which is another problem.
            return view.Freshness is { Stale: true, Problem: "apiserver is gone" };
        });
        view.Freshness.Synced.ShouldBeTrue();
        view.Freshness.Age.ShouldBeGreaterThan(TimeSpan.FromSeconds(10));
        view.HostVersion.ShouldBe("v1.35.0", "what it was told last is still what the host is");

        away = false;
        await ToolBench.WaitUntil(() =>
        {
            time.Advance(TimeSpan.FromMilliseconds(200));
            return !view.Freshness.Stale && changes >= 3;
        });
        await watcher.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_view_that_never_synced_says_why()
    {
        foreach (var path in Watched)
        {
            _host.OnList(
                path,
                path.EndsWith("secrets", StringComparison.Ordinal) ? Status(403, "secrets is forbidden") : List("10")
            );
            _host.OnWatch(path, _host.Open());
        }

        var view = new HostView();
        using var watcher = new HostWatcher(_host.Api, view, TimeProvider.System, NullLogger<HostWatcher>.Instance);
        await watcher.StartAsync(CancellationToken.None);

        await ToolBench.WaitUntil(() => view.Freshness.Problem == "watching secrets: secrets is forbidden");
        view.Freshness.Synced.ShouldBeFalse();
        await watcher.StopAsync(CancellationToken.None);
    }

    private static Task<HostAnswer<string?>> VersionAsync(HostApi api, CancellationToken cancellation = default) =>
        api.GetAsync("version", json => json.GetProperty("gitVersion").GetString(), cancellation);

    private static IEnumerable<string> Watched =>
        new[]
        {
            HostResource.Namespace,
            HostResource.StatefulSet,
            HostResource.Deployment,
            HostResource.Pod,
            HostResource.VolumeClaim,
            HostResource.Secret,
            HostResource.Event,
        }.Select(resource => "/" + resource.Collection(null));
}
