using System.Text.Json;
using System.Text.Json.Serialization;
using k8s;
using VClusterManager.Bench.Measuring;

namespace VClusterManager.Bench.World;

/// <summary>An emulated host, as a process of its own.</summary>
internal sealed class Sandbox : IAsyncDisposable
{
    private const double LookInterval = 50;

    private readonly ProgramProcess _process;

    private Sandbox(ProgramProcess process, SandboxState state)
    {
        _process = process;
        State = state;
        Host = new Kubernetes(KubernetesClientConfiguration.BuildConfigFromConfigFile(state.Kubeconfig));
    }

    public SandboxState State { get; }

    /// <summary>Its Kubernetes API.</summary>
    public Kubernetes Host { get; }

    public static async Task<Sandbox> StartAsync(string folder, string readyDelay)
    {
        var stateFile = Path.Combine(folder, "state.json");
        var process = ProgramProcess.Start(
            BuildPaths.Sandbox,
            ["--host-only", "--state", stateFile, "--ready-delay", readyDelay],
            folder,
            new Dictionary<string, string> { ["TMPDIR"] = folder }
        );
        try
        {
            await Clock.UntilAsync(
                "the sandbox says where everything is",
                LookInterval,
                () =>
                    process.HasExited
                        ? throw new BenchException($"the sandbox ended:\n{process.Output}")
                        : Task.FromResult(File.Exists(stateFile))
            );
            var state = JsonSerializer.Deserialize<SandboxState>(await File.ReadAllTextAsync(stateFile))!;
            return new Sandbox(process, state);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Host.Dispose();
        await _process.DisposeAsync();
    }
}

/// <summary>What the sandbox writes into its state file.</summary>
internal sealed record SandboxState(
    [property: JsonPropertyName("kubeconfig")] string Kubeconfig,
    [property: JsonPropertyName("vcluster")] string VCluster,
    [property: JsonPropertyName("helm")] string Helm
);
