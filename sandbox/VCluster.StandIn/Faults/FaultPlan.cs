using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using VCluster.StandIn.Kubernetes;
using VCluster.StandIn.Verbs;

namespace VCluster.StandIn.Faults;

/// <summary>
/// What a test wants to go wrong in this call. Only a sandbox is asked (its kube context has a name of its own); it names
/// <c>cli-hang</c> (before, middle, ignore-sigterm), <c>cli-crash</c> (namespace, release, half, workload),
/// <c>helm-lock</c>, <c>cli-slow</c> (seconds) and <c>cli-flood</c>.
/// </summary>
internal sealed class FaultPlan
{
    public const string SandboxContext = "vcm-sandbox";

    public static readonly FaultPlan None = new([]);

    private readonly Dictionary<string, string> _faults;

    private FaultPlan(Dictionary<string, string> faults) => _faults = faults;

    /// <summary>The fault to hand to helm; null when it has none.</summary>
    public string? ForHelm =>
        CrashAt is "release" or "half" or "workload" ? "crash:" + CrashAt
        : _faults.ContainsKey("helm-lock") ? "lock"
        : HangsInTheMiddle ? "hang"
        : null;

    /// <summary>Whether the CLI is to die together with the helm that it started.</summary>
    public bool DiesWithHelm => CrashAt is not null;

    private string? CrashAt =>
        _faults.TryGetValue("cli-crash", out var point) ? (point.Length > 0 ? point : "half") : null;

    private bool HangsInTheMiddle => _faults.GetValueOrDefault("cli-hang") == "middle";

    public static async Task<FaultPlan> AskAsync(VClusterCall call)
    {
        if (call.Context != SandboxContext)
        {
            return None;
        }

        try
        {
            using var client = call.Finder().Connect(call.Context);
            var name = call.Arguments.Names.FirstOrDefault() ?? "";
            var answer = await client.GetAsync(
                $"-/sandbox/faults?namespace={Uri.EscapeDataString(call.Namespace)}&name={Uri.EscapeDataString(name)}"
            );
            return new FaultPlan(Read(answer["faults"] as JsonArray ?? []));
        }
        catch (Exception exception) when (exception is KubeException or KubeConfigException)
        {
            return None;
        }
    }

    /// <summary>Whatever goes wrong before the verb has begun.</summary>
    public async Task BeforeAsync(VClusterCall call)
    {
        if (_faults.TryGetValue("cli-slow", out var seconds))
        {
            await Task.Delay(Seconds(seconds), call.Clock, CancellationToken.None);
        }

        if (_faults.ContainsKey("cli-flood"))
        {
            Flood();
        }

        if (_faults.TryGetValue("cli-hang", out var where) && where != "middle")
        {
            using var interrupt = where == "ignore-sigterm" ? Ignore(PosixSignal.SIGINT, call) : null;
            using var terminate = where == "ignore-sigterm" ? Ignore(PosixSignal.SIGTERM, call) : null;
            await HangAsync(call);
        }
    }

    /// <summary>The namespace has been made or found.</summary>
    public void AtNamespace()
    {
        if (CrashAt == "namespace")
        {
            HelmFault.Die();
        }
    }

    /// <summary>A verb that needs no helm has found its cluster and has done nothing yet.</summary>
    public Task AtMiddleAsync(VClusterCall call) => HangsInTheMiddle ? HangAsync(call) : Task.CompletedTask;

    private static Task HangAsync(VClusterCall call)
    {
        call.Log.Info("Hanging, as a fault of the sandbox says...");
        return Task.Delay(Timeout.InfiniteTimeSpan, call.Clock, CancellationToken.None);
    }

    private static PosixSignalRegistration Ignore(PosixSignal signal, VClusterCall call) =>
        PosixSignalRegistration.Create(
            signal,
            context =>
            {
                context.Cancel = true;
                call.Log.Info($"Not ending on {signal}");
            }
        );

    /// <summary>Writes until nobody reads any more.</summary>
    private static void Flood()
    {
        using var stdout = new FileStream(
            new Microsoft.Win32.SafeHandles.SafeFileHandle(1, ownsHandle: false),
            FileAccess.Write
        );
        var line = "the same line again and again, to see who keeps all of it\n"u8.ToArray();
        while (true)
        {
            stdout.Write(line);
        }
    }

    private static TimeSpan Seconds(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(seconds)
            : TimeSpan.FromSeconds(5);

    private static Dictionary<string, string> Read(JsonArray faults)
    {
        var read = new Dictionary<string, string>();
        foreach (var fault in faults.OfType<JsonObject>())
        {
            read[fault["name"]?.ToString() ?? ""] = fault["value"]?.ToString() ?? "";
        }

        return read;
    }
}
