using System.Globalization;
using VClusterManager.Sandbox.Faults;

namespace VClusterManager.Sandbox.Running;

/// <summary>What was asked for on the command line.</summary>
internal sealed record SandboxOptions
{
    public const string Usage = """
        Usage: dotnet run --project sandbox/VClusterManager.Sandbox [-- options]

        Runs vCluster Manager on an emulated Kubernetes host; nothing else is needed.

          --port PORT            the manager's HTTP port (default: a free one)
          --tls-port PORT        the manager's HTTPS port (default: a free one)
          --api-port PORT        the port of the emulated Kubernetes API (default: a free one)
          --control-port PORT    the port of the control API for faults and the request log (default: a free one)
          --data DIR             keep everything in DIR from one run to the next (default: a temporary folder)
          --state FILE           write a JSON file with all addresses and keys once everything is ready
          --host-only            the emulated host alone, without the manager
          --ready-delay TIME     how long a control plane takes to become ready, such as 5s (default: 3s)
          --latency TIME         let every answer of the Kubernetes API wait, such as 50ms
          --fault NAME[=VALUE]   switch a fault on from the start; may be given more than once
          --server FILE          the manager's executable (default: the one built beside this program)
          --help                 this text
        """;

    public int Port { get; init; }

    public int TlsPort { get; init; }

    public int ApiPort { get; init; }

    public int ControlPort { get; init; }

    public string? Data { get; init; }

    public string? StateFile { get; init; }

    public bool HostOnly { get; init; }

    public bool Help { get; init; }

    public TimeSpan ReadyDelay { get; init; } = TimeSpan.FromSeconds(3);

    public string? Server { get; init; }

    public IReadOnlyDictionary<string, string> Faults { get; init; } =
        new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Reads the arguments; the error says which one is wrong.</summary>
    public static (SandboxOptions? Options, string? Error) Parse(IReadOnlyList<string> arguments)
    {
        var options = new SandboxOptions();
        for (var i = 0; i < arguments.Count; i++)
        {
            var (name, given) =
                arguments[i].StartsWith("--", StringComparison.Ordinal)
                && arguments[i].Contains('=', StringComparison.Ordinal)
                    ? (arguments[i].Split('=', 2)[0], arguments[i].Split('=', 2)[1])
                    : (arguments[i], null);
            switch (name)
            {
                case "--help" or "-h":
                    options = options with { Help = true };
                    continue;
                case "--host-only":
                    options = options with { HostOnly = true };
                    continue;
            }

            var value = given ?? (i + 1 < arguments.Count ? arguments[++i] : null);
            if (value is null || options.With(name, value) is not { } next)
            {
                return (null, value is null ? $"{name} needs a value" : $"{name} {value} is not understood");
            }

            options = next;
        }

        return (options, null);
    }

    private SandboxOptions? With(string name, string value) =>
        name switch
        {
            "--port" when PortOf(value) is { } port => this with { Port = port },
            "--tls-port" when PortOf(value) is { } port => this with { TlsPort = port },
            "--api-port" when PortOf(value) is { } port => this with { ApiPort = port },
            "--control-port" when PortOf(value) is { } port => this with { ControlPort = port },
            "--data" => this with { Data = Path.GetFullPath(value) },
            "--state" => this with { StateFile = Path.GetFullPath(value) },
            "--server" => this with { Server = Path.GetFullPath(value) },
            "--ready-delay" when Durations.TryParse(value) is { } delay => this with { ReadyDelay = delay },
            "--latency" when Durations.TryParse(value) is not null => WithFault(FaultNames.ApiLatency, value),
            "--fault" when FaultOf(value) is { } fault => WithFault(fault.Name, fault.Value),
            _ => null,
        };

    private static (string Name, string Value)? FaultOf(string text)
    {
        var parts = text.Split('=', 2);
        var (name, value) = (parts[0], parts.ElementAtOrDefault(1) ?? "");
        return FaultNames.Check(name, value) is null ? (name, value) : null;
    }

    private SandboxOptions WithFault(string name, string value) =>
        this with
        {
            Faults = new Dictionary<string, string>(Faults, StringComparer.Ordinal) { [name] = value },
        };

    private static int? PortOf(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= 65535
            ? port
            : null;
}
