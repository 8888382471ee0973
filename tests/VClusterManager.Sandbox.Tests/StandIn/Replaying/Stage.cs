using System.Text.Json.Nodes;
using VCluster.StandIn.Kubernetes;
using VCluster.StandIn.Yaml;
using VClusterManager.Sandbox.Faults;

namespace VClusterManager.Sandbox.Tests.StandIn.Replaying;

/// <summary>
/// What a story plays on: a host of its own, called as it was in the recordings, and folders as the CLI likes them (home,
/// temporary files, an empty working folder with the values files under <c>vals</c>).
/// </summary>
internal sealed class Stage : IAsyncDisposable
{
    public const string ContextName = "testbed";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    private readonly DirectoryInfo _root;

    private Stage(EmulatedHost host, DirectoryInfo root)
    {
        (Host, _root) = (host, root);
        foreach (var folder in (string[])[Home, Temporary, Work])
        {
            Directory.CreateDirectory(folder);
        }

        CopyValues();
        WriteKubeConfig(host.Kubeconfig);
        SwitchTelemetryOff();
        var file = KubeConfigFile.LoadFrom(KubeConfigPath);
        Client = new KubeClient(KubeEndpoint.From(file, file.CurrentContext), "replay");
    }

    public EmulatedHost Host { get; }

    /// <summary>The host's API, as its administrator.</summary>
    public KubeClient Client { get; }

    public string Home => Path.Combine(_root.FullName, "home");

    public string Temporary => Path.Combine(_root.FullName, "tmp");

    public string Work => Path.Combine(_root.FullName, "work");

    public string KubeConfigPath => Path.Combine(_root.FullName, "kubeconfig");

    /// <summary>The environment of the next calls.</summary>
    public Dictionary<string, string> Environment { get; } = [];

    /// <summary>A host that the stand-in takes for any other.</summary>
    public static Task<Stage> SetAsync(EmulatedHostOptions? options = null) =>
        SetOnAsync((options ?? new EmulatedHostOptions()) with { Name = ContextName });

    /// <summary>A host that the stand-in takes for a sandbox: it asks it what is to go wrong.</summary>
    public static Task<Stage> SetInSandboxAsync() => SetOnAsync(new EmulatedHostOptions());

    private static async Task<Stage> SetOnAsync(EmulatedHostOptions options)
    {
        var host = await EmulatedHost.StartAsync(options);
        var stage = new Stage(host, Directory.CreateTempSubdirectory("stand-in-"));
        stage.ResetEnvironment();
        return stage;
    }

    public void ResetEnvironment()
    {
        Environment.Clear();
        Environment["HOME"] = Home;
        Environment["KUBECONFIG"] = KubeConfigPath;
        Environment["TMPDIR"] = Temporary;
        Environment["PATH"] = $"{StandInProcess.Folder}:/usr/bin:/bin";
        KeepDotnetRoot();
    }

    /// <summary>Nothing in the environment, but for what a .NET that is installed elsewhere needs.</summary>
    public void ClearEnvironment()
    {
        Environment.Clear();
        KeepDotnetRoot();
    }

    public void WriteKubeConfig(string text) => File.WriteAllText(KubeConfigPath, text);

    /// <summary>Switches a fault on, for everything on the host.</summary>
    public void Break(string fault, string value = "") =>
        Host.Faults.Set(new Fault(fault, value, ClusterTarget.Everything));

    /// <summary>Changes the kubeconfig, such as to one without credentials.</summary>
    public void ChangeKubeConfig(Action<JsonObject> change)
    {
        var root = YamlReader.Read(Host.Kubeconfig)!.AsObject();
        change(root);
        WriteKubeConfig(YamlWriter.Write(root));
    }

    public void SwitchTelemetryOff()
    {
        Directory.CreateDirectory(Path.Combine(Home, ".vcluster"));
        File.WriteAllText(Path.Combine(Home, ".vcluster", "config.json"), """{"telemetryDisabled":true}""");
    }

    public StandInProcess Start(IEnumerable<string> words) => StandInProcess.Start(words, Work, Environment);

    public async Task<Outcome> RunAsync(params string[] words)
    {
        await using var process = Start(words);
        return await process.EndAsync();
    }

    /// <summary>Makes a cluster and waits until its pod runs.</summary>
    public async Task CreateClusterAsync(string name, string @namespace)
    {
        var outcome = await RunAsync("vcluster", "create", name, "-n", @namespace, "--connect=false");
        outcome.ExitCode.ShouldBe(0, outcome.Stderr);
        await UntilPodAsync(@namespace, name, "Running");
    }

    public async Task<JsonObject?> FindAsync(Resource resource, string @namespace, string name) =>
        await Client.FindAsync(resource.Item(@namespace, name));

    public Task CreateNamespaceAsync(string name) =>
        Client.CreateAsync(
            Kinds.Namespaces.Collection(""),
            new JsonObject
            {
                ["apiVersion"] = "v1",
                ["kind"] = "Namespace",
                ["metadata"] = new JsonObject { ["name"] = name },
            }
        );

    /// <summary>Waits until the first pod of a cluster is in a state, in the words of <c>kubectl get pods</c>.</summary>
    public Task UntilPodAsync(string @namespace, string cluster, string status) =>
        UntilAsync(
            async () =>
            {
                var pods = await Client.ListAsync(Kinds.Pods.Collection(@namespace), $"app=vcluster,release={cluster}");
                return pods.Count > 0 && pods.All(pod => VCluster.StandIn.Finding.PodStatus.Of(pod) == status);
            },
            $"the pod of {@namespace}/{cluster} is {status}"
        );

    public static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        while (!await condition())
        {
            if (patience.IsCancellationRequested)
            {
                throw new TimeoutException($"waited in vain until {what}");
            }

            await Task.Delay(Look, TimeProvider.System, CancellationToken.None);
        }
    }

    /// <summary>An output with the stage's folders and address under the names that the recordings have for them.</summary>
    public string Generalize(string text) =>
        text.Replace(Temporary, "$TMPDIR", StringComparison.Ordinal).Replace(Home, "$HOME", StringComparison.Ordinal);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Host.DisposeAsync();
        _root.Delete(recursive: true);
    }

    private void CopyValues()
    {
        var target = Directory.CreateDirectory(Path.Combine(Work, "vals"));
        foreach (var file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "StandIn", "Values")))
        {
            File.Copy(file, Path.Combine(target.FullName, Path.GetFileName(file)));
        }
    }

    private void KeepDotnetRoot()
    {
        if (System.Environment.GetEnvironmentVariable("DOTNET_ROOT") is { Length: > 0 } root)
        {
            Environment["DOTNET_ROOT"] = root;
        }
    }
}
