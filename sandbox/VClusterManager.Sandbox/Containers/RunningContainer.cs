using System.IO.Pipelines;
using System.Text;
using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Containers.Programs;
using VClusterManager.Sandbox.Json;
using VClusterManager.Sandbox.Store;

namespace VClusterManager.Sandbox.Containers;

/// <summary>
/// The inside of one container: its files, its environment and what it has written. A container whose command is one
/// of the <see cref="ProgramTable"/> can run it to its end; any other is taken for a server that runs on.
/// </summary>
internal sealed class RunningContainer
{
    private readonly string[] _command;
    private readonly Pipe _input = new();
    private int _started;

    public RunningContainer(StoredObject pod, JsonObject container, TimeProvider time)
    {
        Time = time;
        Name = container.Text("name") ?? "";
        HostName = pod.Json.Text("spec", "hostname") ?? pod.Name;
        Files = new FileTree(time);
        Log = new ContainerLog(time);
        TakesInput = container.Flag("stdin");
        _command = [.. container.Texts("command"), .. container.Texts("args")];
        Environment = EnvironmentOf(container, HostName);
        Furnish(pod);
    }

    public string Name { get; }

    public string HostName { get; }

    public TimeProvider Time { get; }

    public FileTree Files { get; }

    public ContainerLog Log { get; }

    public IReadOnlyDictionary<string, string> Environment { get; }

    /// <summary>Whether its command reads what those send who attach to it.</summary>
    public bool TakesInput { get; }

    /// <summary>What its command left; null while it runs, and for a server always.</summary>
    public int? ExitCode { get; private set; }

    /// <summary>Where those write who attach to it.</summary>
    public Stream Input => _input.Writer.AsStream();

    public bool HasCommand => _command.Length > 0 && ProgramTable.Find(_command[0]) is not null;

    /// <summary>Runs a further program in it; null where there is none of that name.</summary>
    public Task<int>? Run(IReadOnlyList<string> words, Standard io, CancellationToken cancel) =>
        ProgramTable.Find(words[0])?.Invoke(new ProgramCall(words, io, this, "/", cancel));

    /// <summary>Runs its own command, once; <paramref name="ended"/> is called when that has ended.</summary>
    public void Start(Action ended, CancellationToken cancel)
    {
        if (Interlocked.Exchange(ref _started, 1) == 0)
        {
            _ = RunCommandAsync(ended, cancel);
        }
    }

    private async Task RunCommandAsync(Action ended, CancellationToken cancel)
    {
        await using var output = new LogStream(Log);
        var io = new Standard(TakesInput ? _input.Reader.AsStream() : Stream.Null, output, output);
        try
        {
            var code = await Run(_command, io, cancel)!;
            output.Finish();
            ExitCode = code;
            Log.Complete();
            ended();
        }
        catch (OperationCanceledException)
        {
            Log.Complete();
        }
    }

    private static SortedDictionary<string, string> EnvironmentOf(JsonObject container, string host)
    {
        var environment = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["HOSTNAME"] = host,
            ["HOME"] = "/root",
            ["PATH"] = "/usr/local/bin:/usr/bin:/bin",
            ["KUBERNETES_SERVICE_HOST"] = "10.96.0.1",
            ["KUBERNETES_SERVICE_PORT"] = "443",
        };
        foreach (var variable in container.Objects("env"))
        {
            environment[variable.Text("name") ?? ""] = variable.Text("value") ?? "";
        }

        return environment;
    }

    private void Furnish(StoredObject pod)
    {
        const string account = "/var/run/secrets/kubernetes.io/serviceaccount";
        foreach (var directory in (string[])["/bin", "/etc", "/root", "/tmp", account])
        {
            Files.MakeDirectory(directory);
        }

        Files.Write("/etc/hostname", Encoding.UTF8.GetBytes(HostName + "\n"));
        Files.Write($"{account}/namespace", Encoding.UTF8.GetBytes(pod.Namespace));
    }
}
