using System.Text.Json;
using System.Text.Json.Serialization;

namespace VClusterManager.EndToEnd.Tests.TestHost;

/// <summary>The sandbox as a person starts it, with the file in which it says where everything is.</summary>
public sealed class SandboxProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(120);

    private readonly ChildProcess _process;
    private readonly string _folder;
    private readonly HttpClient _control;

    private SandboxProcess(ChildProcess process, string folder, SandboxState state, TimeSpan startTime)
    {
        _process = process;
        _folder = folder;
        State = state;
        StartTime = startTime;
        ServerKubeconfig = state.Kubeconfig;
        _control = new HttpClient { BaseAddress = state.ControlUrl };
        Control = new HostControl(_control);
        Host = new Kubectl(state.Kubeconfig, _folder);
    }

    public SandboxState State { get; }

    /// <summary>From the start of the process until everything was served.</summary>
    public TimeSpan StartTime { get; }

    public HostControl Control { get; }

    /// <summary>The emulated host, through the real kubectl.</summary>
    public Kubectl Host { get; }

    public string Output => _process.Output;

    /// <summary>The kubeconfig for servers: the administrator's, until there is an account for them.</summary>
    public string ServerKubeconfig { get; private set; }

    /// <summary>A folder that is removed with the sandbox.</summary>
    public string Folder => _folder;

    public static async Task<SandboxProcess> StartAsync(params IEnumerable<string> options)
    {
        var folder = Directory.CreateTempSubdirectory("vcm-e2e-").FullName;
        var stateFile = Path.Combine(folder, "state.json");
        var started = TimeProvider.System.GetTimestamp();
        var process = ChildProcess.Start(
            BuildPaths.Sandbox,
            ["--state", stateFile, .. options],
            folder,
            // Below the folder, so that what a killed run leaves behind goes with it.
            new Dictionary<string, string> { ["TMPDIR"] = folder }
        );
        try
        {
            await Eventually.HoldsAsync(
                "the sandbox says where everything is",
                () =>
                    !process.HasExited
                        ? File.Exists(stateFile)
                        : throw new InvalidOperationException($"The sandbox ended:\n{process.Output}"),
                StartPatience
            );
            var state = JsonSerializer.Deserialize<SandboxState>(await File.ReadAllTextAsync(stateFile))!;
            return new SandboxProcess(process, folder, state, TimeProvider.System.GetElapsedTime(started));
        }
        catch
        {
            await process.DisposeAsync();
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    /// <summary>From now on servers have no more rights than the shipped manifests give them.</summary>
    public async Task LimitServersAsync() => ServerKubeconfig = await ManagerAccount.MakeAsync(Host, State.Kubeconfig);

    /// <summary>Runs the CLI as somebody does who has the host's kubeconfig; fails when it fails.</summary>
    public async Task VClusterAsync(params string[] arguments)
    {
        var tools = Path.GetDirectoryName(State.Helm);
        var environment = new Dictionary<string, string>
        {
            ["HOME"] = _folder,
            ["KUBECONFIG"] = State.Kubeconfig,
            ["PATH"] = $"{tools}:{Environment.GetEnvironmentVariable("PATH")}",
        };
        await using var run = ChildProcess.Start(State.VCluster, arguments, _folder, environment);
        if (await run.EndAsync(Eventually.Patience) != 0)
        {
            throw new InvalidOperationException($"vcluster {string.Join(' ', arguments)} failed:\n{run.Output}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        _control.Dispose();
        await _process.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}

/// <summary>What the sandbox writes into its state file.</summary>
public sealed record SandboxState(
    [property: JsonPropertyName("url")] Uri? Url,
    [property: JsonPropertyName("admin_key")] string? AdminKey,
    [property: JsonPropertyName("admin_password")] string? AdminPassword,
    [property: JsonPropertyName("kubeconfig")] string Kubeconfig,
    [property: JsonPropertyName("config")] string Config,
    [property: JsonPropertyName("vcluster")] string VCluster,
    [property: JsonPropertyName("helm")] string Helm,
    [property: JsonPropertyName("control_url")] Uri ControlUrl
);
