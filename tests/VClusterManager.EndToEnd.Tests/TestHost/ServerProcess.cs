using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using VClusterManager.Client;
using VClusterManager.Sandbox.Running;

namespace VClusterManager.EndToEnd.Tests.TestHost;

/// <summary>
/// The server's executable with a configuration file, on an emulated host that somebody else runs. It may be killed and
/// started again on the same data.
/// </summary>
public sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(90);

    // Longer than any wait that a test asks for.
    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(120);

    private readonly SandboxProcess _host;
    private readonly Dictionary<string, string> _environment;
    private readonly int _port = FreePort.Find();
    private readonly HttpClient _http;
    private readonly List<ChildProcess> _ended = [];
    private ChildProcess? _process;

    /// <param name="settings">Variables, such as <c>VCM__VCLUSTER__MAX_PARALLEL</c>.</param>
    internal ServerProcess(SandboxProcess host, IReadOnlyDictionary<string, string> settings, string? folder = null)
    {
        _host = host;
        Folder = folder ?? Path.Combine(host.Folder, $"server-{Guid.NewGuid():N}"[..15]);
        Directory.CreateDirectory(Path.Combine(Folder, "tmp"));
        File.WriteAllText(Path.Combine(Folder, "config.yaml"), Config());
        _environment = new Dictionary<string, string>(settings)
        {
            ["CONFIG_PATH"] = Path.Combine(Folder, "config.yaml"),
            // Its own, so that only its own next start tidies up after it.
            ["TMPDIR"] = Path.Combine(Folder, "tmp"),
        };
        _http = new HttpClient { Timeout = AnswerPatience };
        Api = VClusterManagerClient.WithApiKey(_http, Address, AdminKey);
    }

    /// <summary>Everything that is its own; what it starts has this folder in its environment.</summary>
    public string Folder { get; }

    public Uri Address => new($"http://127.0.0.1:{_port}");

    public string AdminKey { get; } = "vcm_" + RandomNumberGenerator.GetHexString(40, lowercase: true);

    public VClusterManagerClient Api { get; }

    /// <summary>Has it lead a process group of its own, as a shell does with what it starts in a terminal.</summary>
    internal bool LeadsGroup { get; set; }

    /// <summary>All that it has said, in all its lives.</summary>
    public string Output => string.Concat(_ended.Select(process => process.Output)) + _process?.Output;

    /// <summary>Starts it and waits until it is ready to work.</summary>
    public async Task StartAsync(params IEnumerable<(string Name, string Value)> settings)
    {
        Launch(settings);
        await Eventually.SeesAsync(
            "the server is ready",
            async () =>
                _process!.HasExited
                    ? throw new InvalidOperationException($"The server ended:\n{_process.Output}")
                    : await ReadinessAsync(),
            readiness => readiness is "ready" or "degraded",
            StartPatience
        );
    }

    /// <summary>Starts it and does not wait.</summary>
    public ChildProcess Launch(params IEnumerable<(string Name, string Value)> settings)
    {
        if (_process is not null)
        {
            _ended.Add(_process);
        }

        var environment = new Dictionary<string, string>(_environment);
        foreach (var (name, value) in settings)
        {
            environment[name] = value;
        }

        return _process = LeadsGroup
            ? ChildProcess.Start("setsid", [BuildPaths.Server], Folder, environment)
            : ChildProcess.Start(BuildPaths.Server, [], Folder, environment);
    }

    /// <summary>As <c>kill -9</c> does.</summary>
    public Task KillAsync() => _process!.KillAsync();

    public Task StopAsync() => _process!.StopAsync();

    /// <summary>Sends SIGTERM to all processes of its group, and waits for its end; gives its exit code.</summary>
    internal Task<int> StopGroupAsync()
    {
        _process!.AskGroupToStop();
        return _process.EndAsync(StartPatience);
    }

    /// <summary>Asks it to end, and says with which code it did.</summary>
    public async Task<int> TerminateAsync()
    {
        await _process!.StopAsync();
        return await _process.EndAsync(TimeSpan.Zero);
    }

    /// <summary>An answer as it is, for what the typed client hides.</summary>
    public async Task<Answer> SendAsync(HttpMethod method, string path, JsonNode? body = null, int? wait = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (body is not null)
        {
            request.Content = new StringContent(body.ToJsonString(), null, "application/json");
        }

        if (wait is not null)
        {
            request.Headers.Add("Prefer", $"wait={wait}");
        }

        using var response = await _http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        var json = response.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) == true;
        return new Answer(response.StatusCode, json ? JsonNode.Parse(text) : null);
    }

    public Task<string> TextAsync(string path) => _http.GetStringAsync(new Uri(path, UriKind.Relative));

    /// <summary>The inside of a virtual cluster, by its own address.</summary>
    public async Task<Kubectl> InsideAsync(ClusterPlace cluster)
    {
        var kubeconfig = await Api.GetKubeconfigAsync(cluster.Name, cluster.Namespace, "mode=direct");
        var file = Path.Combine(Folder, $"{cluster.Name}.yaml");
        await File.WriteAllTextAsync(file, kubeconfig);
        return new Kubectl(file, Path.Combine(Folder, cluster.Name));
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        foreach (var process in _ended)
        {
            await process.DisposeAsync();
        }

        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        ProcessTable.EndToolsOf(this);
    }

    private async Task<string> ReadinessAsync()
    {
        try
        {
            var answer = await SendAsync(HttpMethod.Get, "/readyz");
            return (string?)answer.Body?["status"] ?? "";
        }
        catch (HttpRequestException)
        {
            return "does not listen";
        }
    }

    private string Config() =>
        $"""
            server:
              host: 127.0.0.1
              port: {_port}
            auth:
              api_keys:
                admin: {"{"} key: {AdminKey}, role: admin {"}"}
            kubernetes:
              kubeconfig: '{_host.ServerKubeconfig}'
            vcluster:
              executable: '{_host.State.VCluster}'
              helm: '{_host.State.Helm}'
              kubectl: '{BuildPaths.Kubectl}'
            database:
              url: 'sqlite:data/vcluster-manager.db'

            """;
}

/// <summary>An answer of the server.</summary>
public sealed record Answer(HttpStatusCode Status, JsonNode? Body)
{
    public string Detail => (string?)Body?["detail"] ?? "";
}
