using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Shouldly;
using VClusterManager.Sandbox;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Kubernetes;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Tests.Configuration;
using VClusterManager.Server.Tests.Http;
using VClusterManager.Server.VCluster;
using VClusterManager.Server.Work;
using Xunit;

namespace VClusterManager.Server.Tests.TestHost;

/// <summary>
/// The real server on an emulated host, both in this process, on loopback ports and with a database of their own; the
/// command line tools run as processes. Made once for the tests of a class, which keep apart by using names of their own.
/// </summary>
public class ManagerHost : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vcm-rest-").FullName;
    private readonly HttpClient _control = new();
    private EmulatedHost? _host;
    private WebApplication? _app;

    /// <summary>Faults of the emulated host that are on from the start.</summary>
    private protected virtual Dictionary<string, string> Faults => [];

    /// <summary>The server is handed out only once it has seen the host.</summary>
    private protected virtual bool WaitsForHost => true;

    /// <summary>The server runs, and nobody has come yet.</summary>
    private protected virtual Task StartedAsync() => Task.CompletedTask;

    /// <summary>Server and host have ended.</summary>
    private protected virtual Task StoppedAsync() => Task.CompletedTask;

    private protected virtual ManagerOptions Configure(ManagerOptions options) => options;

    internal Caller Viewer => field ??= As("viewer");

    internal Caller Editor => field ??= As("editor");

    internal Caller OtherEditor => field ??= As("other-editor");

    internal Caller Admin => field ??= As("admin");

    internal Caller Anonymous => field ??= new Caller(Address, null);

    internal Uri Address { get; private set; } = null!;

    /// <summary>What the server logged.</summary>
    internal LogLines Log { get; } = new();

    internal IServiceProvider Services => _app!.Services;

    internal StoreFactory Stores => Services.GetRequiredService<StoreFactory>();

    /// <summary>Ends with the test that is running.</summary>
    internal static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    internal static string KeyOf(string client) => $"key-of-{client}-0123456789";

    public async ValueTask InitializeAsync()
    {
        _host = await EmulatedHost.StartAsync(
            new EmulatedHostOptions { ReadyDelay = TimeSpan.FromMilliseconds(50), Faults = Faults }
        );
        await File.WriteAllTextAsync(Kubeconfig, _host.Kubeconfig);
        await StartServerAsync();
        await StartedAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var caller in new[] { Viewer, Editor, OtherEditor, Admin, Anonymous })
        {
            caller.Dispose();
        }

        _control.Dispose();
        if (_app is not null)
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
        }

        if (_host is not null)
        {
            await _host.DisposeAsync();
        }

        await StoppedAsync();
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Switches a fault on, for one cluster or for all.</summary>
    internal async Task BreakAsync(string fault, string value = "", string ns = "", string name = "")
    {
        var url = new Uri(_host!.ControlUrl, $"faults/{fault}?value={value}&namespace={ns}&name={name}");
        using var answer = await _control.PutAsync(url, null, Cancellation);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Switches a fault off.</summary>
    internal async Task MendAsync(string fault, string ns = "", string name = "")
    {
        var url = new Uri(_host!.ControlUrl, $"faults/{fault}?namespace={ns}&name={name}");
        using var answer = await _control.DeleteAsync(url, Cancellation);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Stops the server as a signal would.</summary>
    internal Task StopAsync() => _app!.StopAsync(CancellationToken.None);

    /// <summary>A namespace that is on the host before anybody asks for a cluster in it.</summary>
    internal async Task MakeNamespaceAsync(string name)
    {
        var labels = new Dictionary<string, string>();
        var made = await Services
            .GetRequiredService<HostWrites>()
            .CreateNamespaceAsync(name, labels, labels, Cancellation);
        made.ShouldBeOfType<HostWrite.Done>();
        var view = Services.GetRequiredService<HostView>();
        await Wait.UntilAsync(() => view.Find(new NamespacedName(name, "x")).Namespace is not null);
    }

    /// <summary>A cluster that somebody made with the CLI, past the manager; seen by it when this returns.</summary>
    internal async Task MakeUnmanagedAsync(string ns, string name)
    {
        var key = new NamespacedName(ns, name);
        var cli = Services.GetRequiredService<VClusterCli>();
        var made = await cli.CreateAsync(key, "{}", upgrade: false, _ => { }, Cancellation);
        made.Verdict.ShouldBe(CliVerdict.Done, made.Message);
        var view = Services.GetRequiredService<HostView>();
        await Wait.UntilAsync(() => view.Find(key).Workload is not null);
    }

    /// <summary>How many rows there are of everything that a request can store.</summary>
    internal Task<(int Clusters, int Operations, int Events, int Keys, int Work)> CountRowsAsync() =>
        Stores.ReadAsync(async store =>
            (
                await store.Clusters.CountAsync(Cancellation),
                await store.Operations.CountAsync(Cancellation),
                await store.ClusterEvents.CountAsync(Cancellation),
                await store.IdempotencyKeys.CountAsync(Cancellation),
                await store.WorkItems.CountAsync(Cancellation)
            )
        );

    private string Kubeconfig => Path.Combine(_folder, "kubeconfig.yaml");

    private Caller As(string client) => new(Address, KeyOf(client));

    private async Task StartServerAsync()
    {
        _app = ServerBuilder.Build(Configure(Options()));
        Services.GetRequiredService<ILoggerFactory>().AddProvider(Log);
        await _app.StartAsync();
        Address = new Uri(_app.Urls.Single());
        if (!WaitsForHost)
        {
            return;
        }

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60), TimeProvider.System);
        await Services.GetRequiredService<HostView>().WaitForSyncAsync(limit.Token);
        await Services.GetRequiredService<WriteAccess>().Settled.WaitAsync(limit.Token);
    }

    /// <summary>The defaults, on this host.</summary>
    private ManagerOptions Options()
    {
        var options = new ConfigurationBench().WithYaml(Yaml()).Options();
        return options with
        {
            Server = options.Server with { Port = 0, Instance = "rest", PublicUrl = new Uri("https://manager.test") },
            Kubernetes = options.Kubernetes with { Kubeconfig = Kubeconfig },
            // Off: enabled without a secret they would be a problem to tell of.
            Webhooks = new WebhookOptions(),
            VCluster = options.VCluster with
            {
                Executable = Path.Combine(StandInFolder, "vcluster"),
                Helm = Path.Combine(StandInFolder, "helm"),
                Timeouts = options.VCluster.Timeouts with { Problem = TimeSpan.FromSeconds(1) },
            },
        };
    }

    private string Yaml() =>
        $$"""
            server: {host: 127.0.0.1}
            auth:
              api_keys:
                viewer: {key: {{KeyOf("viewer")}}, role: viewer}
                editor: {key: {{KeyOf("editor")}}, role: editor}
                other-editor: {key: {{KeyOf("other-editor")}}, role: editor}
                admin: {key: {{KeyOf("admin")}}, role: admin}
            database: {url: 'sqlite:{{Path.Combine(_folder, "test.db")}}'}
            """;

    private static string StandInFolder { get; } =
        typeof(ManagerHost)
            .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .First(metadata => metadata.Key == "StandInFolder")
            .Value!;
}
