using VClusterManager.Sandbox.Tests.TestHost;

namespace VClusterManager.Sandbox.Tests.Clients;

/// <summary>Which cluster a client talks to.</summary>
public enum Target
{
    Host,
    VirtualCluster,
}

/// <summary>An emulated host with one virtual cluster on it, and real clients for both.</summary>
public sealed class ClientSandbox : IAsyncLifetime
{
    private readonly string _home = Directory.CreateTempSubdirectory("vcm-clients-").FullName;

    public SandboxHost Sandbox { get; } = new();

    public async ValueTask InitializeAsync()
    {
        await Sandbox.InitializeAsync();
        await Sandbox.InstallAsync("vcluster-demo", "demo");
        var kubeconfig = await Sandbox.KubeconfigAsync("vcluster-demo", "demo");
        await WriteConfigAsync(Target.Host, Sandbox.Host.Kubeconfig);
        await WriteConfigAsync(
            Target.VirtualCluster,
            kubeconfig.Replace("localhost:8443", Address(), StringComparison.Ordinal)
        );
    }

    public async ValueTask DisposeAsync()
    {
        await Sandbox.DisposeAsync();
        Directory.Delete(_home, recursive: true);
    }

    /// <summary>A folder of its own for files of one test.</summary>
    public string Folder(string name) => Directory.CreateDirectory(Path.Combine(_home, name)).FullName;

    internal Tool Start(string tool, Target target, params IEnumerable<string> arguments) =>
        Tool.Start(tool, arguments, _home, ConfigOf(target), null);

    internal async Task<ToolOutcome> RunAsync(
        string tool,
        Target target,
        IEnumerable<string> arguments,
        string? input = null
    )
    {
        await using var run = Tool.Start(tool, arguments, _home, ConfigOf(target), input);
        return await run.EndAsync();
    }

    /// <summary>Runs kubectl with arguments without spaces in them.</summary>
    internal Task<ToolOutcome> KubectlAsync(Target target, string arguments, string? input = null) =>
        RunAsync("kubectl", target, arguments.Split(' '), input);

    /// <summary>Makes a namespace with a Deployment, its Service and a ConfigMap in it, all up.</summary>
    internal async Task<string> DeployAsync(Target target, string ns)
    {
        (await KubectlAsync(target, $"create namespace {ns}")).ShouldSucceed();
        (await KubectlAsync(target, $"-n {ns} apply -f -", Manifests.Web)).ShouldSucceed();
        (await KubectlAsync(target, $"-n {ns} rollout status deployment/web --timeout=30s")).ShouldSucceed();
        var pods = await KubectlAsync(target, $"-n {ns} get pods -o name");
        return pods.ShouldSucceed().Out.Trim().Split('\n')[0]["pod/".Length..];
    }

    private string ConfigOf(Target target) => Path.Combine(_home, $"{target}.yaml");

    private Task WriteConfigAsync(Target target, string text) => File.WriteAllTextAsync(ConfigOf(target), text);

    private string Address() => Sandbox.Host.Fleet.All.Single().Url.Authority;
}
