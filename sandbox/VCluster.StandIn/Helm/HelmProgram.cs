using System.Runtime.InteropServices;
using System.Text;
using VCluster.StandIn.CommandLine;
using VCluster.StandIn.Faults;
using VCluster.StandIn.Kubernetes;

namespace VCluster.StandIn.Helm;

/// <summary>The stand-in for helm 3.17: as much of it as the CLI and its callers use.</summary>
internal static class HelmProgram
{
    private const string Help = """
        The Kubernetes package manager (a stand-in: as much of it as vcluster and its callers use)

        Usage:
          helm [command]

        Available Commands:
          get         get values or manifest of a named release
          list        list releases
          rollback    roll back a release to a previous revision
          status      display the status of the named release
          uninstall   uninstall a release
          upgrade     upgrade a release to a chart that the stand-in vcluster made
          version     print the helm version information

        """;

    private static readonly Flag[] Flags =
    [
        new("help", 'h', FlagKind.Switch),
        new("namespace", 'n', FlagKind.Text),
        new("kubeconfig", null, FlagKind.Text),
        new("kube-context", null, FlagKind.Text),
        new("repository-config", null, FlagKind.Text),
        new("repository-cache", null, FlagKind.Text),
        new("registry-config", null, FlagKind.Text),
        new("debug", null, FlagKind.Switch),
        new("install", 'i', FlagKind.Switch),
        new("create-namespace", null, FlagKind.Switch),
        new("values", 'f', FlagKind.Many),
        new("set", null, FlagKind.Many),
        new("wait", null, FlagKind.Switch),
        new("timeout", null, FlagKind.Text),
        new("ignore-not-found", null, FlagKind.Switch),
        new("keep-history", null, FlagKind.Switch),
        new("no-hooks", null, FlagKind.Switch),
        new("cascade", null, FlagKind.Text),
        new("description", null, FlagKind.Text),
        new("output", 'o', FlagKind.Text),
        new("all", 'a', FlagKind.Switch),
        new("all-namespaces", 'A', FlagKind.Switch),
        new("short", 'q', FlagKind.Switch),
        new("filter", null, FlagKind.Text),
        new("pending", null, FlagKind.Switch),
        new("failed", null, FlagKind.Switch),
        new("deployed", null, FlagKind.Switch),
        new("client", 'c', FlagKind.Switch),
        new("template", null, FlagKind.Text),
    ];

    public static async Task<int> RunAsync(string[] arguments, TimeProvider clock)
    {
        try
        {
            var parsed = ParsedArguments.Parse(Flags, arguments);
            if (parsed.Names is [] or ["help", ..] or ["version", ..] || parsed.IsSet("help"))
            {
                Write(Console.OpenStandardOutput(), parsed.Names is ["version", ..] ? HelmVersion.Text(parsed) : Help);
                return 0;
            }

            await RunAsync(parsed, clock);
            return 0;
        }
        catch (Exception exception)
            when (exception
                    is HelmException
                        or KubeException
                        or KubeConfigException
                        or UsageException
                        or InvalidDataException
            )
        {
            Write(Console.OpenStandardError(), $"Error: {exception.Message}\n");
            return 1;
        }
    }

    private static async Task RunAsync(ParsedArguments parsed, TimeProvider clock)
    {
        var fault = new HelmFault(Environment.GetEnvironmentVariable(HelmFault.Variable), clock);
        using var call = new HelmCall(parsed, Console.OpenStandardOutput(), clock);
        switch (parsed.Names)
        {
            case ["upgrade" or "install", var name, var chart]:
                await UpgradeAsync(call, fault, name, chart);
                break;
            case ["uninstall" or "delete" or "del" or "un", var name, .. var more]:
                foreach (var each in (string[])[name, .. more])
                {
                    await new UninstallCommand(call, fault).RunAsync(each);
                }

                break;
            case ["rollback", var name, .. var revision]:
                await new RollbackCommand(call, fault).RunAsync(name, revision.FirstOrDefault() ?? "");
                break;
            case ["history" or "hist", var name]:
                await new HistoryCommand(call).RunAsync(name);
                break;
            case ["list" or "ls"]:
                await new ListCommand(call).RunAsync();
                break;
            case ["status", var name]:
                await new StatusCommand(call).StatusAsync(name);
                break;
            case ["get", "values", var name]:
                await new StatusCommand(call).ValuesAsync(name);
                break;
            case ["get", "manifest", var name]:
                await new StatusCommand(call).ManifestAsync(name);
                break;
            default:
                throw Unknown(parsed.Names);
        }
    }

    /// <summary>Told to end, helm stops where it is and leaves the release as failed.</summary>
    private static async Task UpgradeAsync(HelmCall call, HelmFault fault, string name, string chart)
    {
        using var ending = new CancellationTokenSource();
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        await new UpgradeCommand(call, fault, ending.Token).RunAsync(name, chart);

        void End(PosixSignalContext context)
        {
            context.Cancel = true;
            call.Print($"Release {name} has been cancelled.\n");
            ending.Cancel();
        }
    }

    private static UsageException Unknown(List<string> names) =>
        names switch
        {
            ["uninstall" or "delete" or "del" or "un"] => new(
                "\"helm uninstall\" requires at least 1 argument\n\nUsage:  helm uninstall RELEASE_NAME [...] [flags]"
            ),
            ["upgrade", ..] => new(
                "\"helm upgrade\" requires 2 arguments\n\nUsage:  helm upgrade [RELEASE] [CHART] [flags]"
            ),
            ["status" or "rollback" or "history", ..] => new(
                $"\"helm {names[0]}\" requires 1 argument\n\nUsage:  helm {names[0]} RELEASE_NAME [flags]"
            ),
            _ => new($"unknown command \"{names.FirstOrDefault()}\" for \"helm\"\nRun 'helm --help' for usage."),
        };

    private static void Write(Stream stream, string text) => stream.Write(Encoding.UTF8.GetBytes(text));
}
