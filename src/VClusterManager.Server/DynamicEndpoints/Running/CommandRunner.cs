using System.Text.Json;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.DynamicEndpoints.Definitions;
using VClusterManager.Server.DynamicEndpoints.Reading;
using VClusterManager.Server.Kubernetes;
using VClusterManager.Server.Kubernetes.Reaching;
using VClusterManager.Server.Processes;
using VClusterManager.Server.VCluster;

namespace VClusterManager.Server.DynamicEndpoints.Running;

/// <summary>Runs the command of an endpoint in a folder of its own, with a kubeconfig and nothing else of the server's.</summary>
internal sealed class CommandRunner(
    ToolRunner runner,
    ToolLocations locations,
    HostConfiguration host,
    ClusterDial dial,
    DynamicEndpointsOptions options,
    ILogger<CommandRunner> logger
)
{
    /// <summary>The names of all that may be run.</summary>
    public IReadOnlyCollection<string> Commands { get; } = CommandsOf(options);

    public static IReadOnlyCollection<string> CommandsOf(DynamicEndpointsOptions options) =>
        [CommandRules.Kubectl, CommandRules.VCluster, .. options.Commands.Keys];

    /// <param name="cluster">Whose kubeconfig it runs with; <see langword="null"/>: the host's.</param>
    /// <param name="take">Given standard output as it comes; the command waits while it is taken.</param>
    public async Task<ToolResult> RunAsync(
        EndpointDefinition endpoint,
        CommandLine line,
        TargetCluster? cluster,
        Func<ReadOnlyMemory<byte>, ValueTask> take,
        CancellationToken cancellation
    )
    {
        var (executable, missing) = Find(endpoint.Command);
        if (executable is null)
        {
            return new ToolResult(ToolEnd.NotStarted, null, "", missing, Truncated: false, TimeSpan.Zero);
        }

        await using var folder = runner.CreateFolder();
        Dictionary<string, string> environment = new();
        IReadOnlyList<string> path = [];
        if (endpoint.Command == CommandRules.VCluster)
        {
            VClusterHome.Prepare(folder);
            environment = new(VClusterHome.Environment);
            // It calls helm by its name.
            path = locations.Helm.Find() is { } helm ? [Path.GetDirectoryName(helm)!] : [];
        }

        // A cluster is reached as the proxy reaches it: its own address may be one that only it can use.
        await using var tunnel = cluster is null ? null : new ClusterTunnel(dial, cluster.Key, logger);
        environment["KUBECONFIG"] = tunnel is null
            ? Host(folder)
            : folder.Write("kubeconfig", tunnel.Through(cluster!.Kubeconfig));
        var call = new ToolCall
        {
            Executable = executable,
            Verb = "endpoint",
            Arguments = line.Arguments,
            Environment = environment,
            Path = path,
            StandardInput = line.Input,
            Timeout = endpoint.Timeout,
            MaxOutputBytes = CommandOutcome.MaxErrorBytes,
            TakeOutput = take,
        };
        return await runner.RunAsync(folder, call, cancellation);
    }

    private (string? Executable, string Missing) Find(string command) =>
        command switch
        {
            CommandRules.Kubectl => (locations.Kubectl.Find(), locations.Kubectl.Missing),
            CommandRules.VCluster => (locations.VCluster.Find(), locations.VCluster.Missing),
            _ when options.Commands.TryGetValue(command, out var tool) => (
                ToolPath.Find(tool),
                $"{command} was not found: dynamic_endpoints.commands names {tool}, which is not an executable file"
            ),
            _ => (null, $"{command} is not in dynamic_endpoints.commands"),
        };

    /// <summary>The context goes in as a file in front of the others, since what is in the arguments is the operator's.</summary>
    private string Host(ToolFolder folder)
    {
        var kubeconfig = host.ForTools();
        var files = kubeconfig.Files ?? folder.Write("kubeconfig", kubeconfig.Content!);
        return kubeconfig.Context is null
            ? files
            : folder.Write(
                "context",
                $"{{apiVersion: v1, kind: Config, current-context: {JsonSerializer.Serialize(kubeconfig.Context)}}}"
            )
                + Path.PathSeparator
                + files;
    }
}
