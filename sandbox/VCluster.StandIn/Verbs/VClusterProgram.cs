using VCluster.StandIn.CommandLine;
using VCluster.StandIn.Faults;
using VCluster.StandIn.Finding;
using VCluster.StandIn.Kubernetes;
using VCluster.StandIn.Terminal;
using VCluster.StandIn.Values;
using VCluster.StandIn.Yaml;

namespace VCluster.StandIn.Verbs;

/// <summary>The stand-in for the vcluster CLI 0.34.7: understands the command line and runs the verb. Ends with 0 or 1.</summary>
internal static class VClusterProgram
{
    public const string Version = "0.34.7";

    private static readonly string[] ValueFlags = ["--config", "--context", "--log-output", "--namespace", "-n"];

    public static async Task<int> RunAsync(string[] arguments, TimeProvider clock)
    {
        var log = LogFor(arguments, clock);
        try
        {
            await RunAsync(arguments, log, HomeFolder.Find(), clock);
            return 0;
        }
        catch (CommandFailedException exception)
        {
            return exception.ExitCode;
        }
        catch (Exception exception)
            when (exception
                    is UsageException
                        or HomeException
                        or VerbException
                        or ValuesException
                        or KubeException
                        or KubeConfigException
                        or YamlTextException
                        or ClusterNotFoundException
                        or InvalidDataException
                        or IOException
            )
        {
            log.Fatal(exception.Message);
            return 1;
        }
    }

    private static async Task RunAsync(string[] arguments, Log log, HomeFolder home, TimeProvider clock)
    {
        var at = VerbAt(arguments);
        var verb = at < arguments.Length ? Canonical(arguments[at]) : "root";
        string[] rest = at < arguments.Length ? [.. arguments[..at], .. arguments[(at + 1)..]] : arguments;
        if (verb == "help")
        {
            (verb, rest) = (rest.Length > 0 ? Canonical(rest[0]) : "root", ["--help"]);
        }

        var help = CommandHelp.Text(verb is "version" or "telemetry" ? "root" : verb, home.ConfigPath);
        var parsed = ParsedArguments.Parse(CommandHelp.Flags(help), rest);
        var call = new VClusterCall(parsed, home, log, clock);
        if (parsed.IsSet("help"))
        {
            log.Data(help);
        }
        else if (verb is "root" && !parsed.IsSet("version"))
        {
            log.Data(help);
        }
        else if (verb is "root" or "version")
        {
            log.Data($"vcluster version {Version}\n");
        }
        else
        {
            await RunVerbAsync(verb, call, help);
        }
    }

    private static async Task RunVerbAsync(string verb, VClusterCall call, string help)
    {
        CheckNames(verb, call.Arguments, help);
        if (verb is not ("disconnect" or "telemetry"))
        {
            Drivers.Check(verb, call);
        }

        var plan = verb is "list" or "disconnect" or "telemetry" ? FaultPlan.None : await FaultPlan.AskAsync(call);
        await plan.BeforeAsync(call);
        await (
            verb switch
            {
                "create" => new CreateVerb(call, plan).RunAsync(),
                "delete" => new DeleteVerb(call, plan).RunAsync(),
                "pause" => new PauseVerb(call, plan).RunAsync(),
                "resume" => new ResumeVerb(call, plan).RunAsync(),
                "list" => new ListVerb(call).RunAsync(),
                "describe" => new DescribeVerb(call).RunAsync(),
                "connect" => new ConnectVerb(call).RunAsync(),
                "disconnect" => new DisconnectVerb(call).RunAsync(),
                _ => TelemetryAsync(call),
            }
        );
    }

    private static Task TelemetryAsync(VClusterCall call)
    {
        call.Home.SetTelemetryDisabled(call.Arguments.Names is ["disable"]);
        return Task.CompletedTask;
    }

    private static void CheckNames(string verb, ParsedArguments arguments, string help)
    {
        if (verb is "list" or "disconnect" or "telemetry")
        {
            return;
        }

        var names = verb == "connect" && arguments.DashAt >= 0 ? arguments.Names[..arguments.DashAt] : arguments.Names;
        if (names.Count == 1)
        {
            return;
        }

        if (verb == "describe")
        {
            throw new UsageException($"accepts 1 arg(s), received {names.Count}");
        }

        var complaint =
            names.Count == 0
                ? "please specify missing: \"VCLUSTER_NAME\""
                : $"extra arguments: \"{string.Join(", ", names.Skip(1))}\"";
        throw new UsageException(
            $"{CommandHelp.UseLine(help)}\nInvalid Args: received {names.Count} arguments, expected 1, {complaint}\n"
                + "Run with --help for more details on arguments"
        );
    }

    /// <summary>Where the verb stands: the first word that is neither a flag nor a flag's value.</summary>
    private static int VerbAt(string[] arguments)
    {
        var at = 0;
        while (at < arguments.Length && arguments[at].StartsWith('-'))
        {
            at += ValueFlags.Contains(arguments[at]) ? 2 : 1;
        }

        return Math.Min(at, arguments.Length);
    }

    private static string Canonical(string word) =>
        word switch
        {
            "create" or "delete" or "pause" or "resume" or "list" or "describe" or "connect" or "disconnect" => word,
            "version" or "telemetry" or "help" => word,
            "rm" => "delete",
            "sleep" => "pause",
            "wakeup" => "resume",
            "ls" => "list",
            _ => throw new UsageException($"unknown command \"{word}\" for \"vcluster\""),
        };

    private static Log LogFor(string[] arguments, TimeProvider clock)
    {
        var own = arguments.TakeWhile(argument => argument != "--").ToList();
        var loudness =
            own.Contains("--silent") || own.Contains("-s") ? Loudness.Fatal
            : own.Contains("--debug") ? Loudness.Debug
            : Loudness.Normal;
        return new Log(Console.OpenStandardOutput(), Console.OpenStandardError(), clock, loudness);
    }
}
