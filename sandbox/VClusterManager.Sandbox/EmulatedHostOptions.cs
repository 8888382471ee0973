namespace VClusterManager.Sandbox;

/// <summary>How an emulated host behaves.</summary>
public sealed record EmulatedHostOptions
{
    /// <summary>The port of the Kubernetes API on the loopback address; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>The port of the control API (faults, request log) on the loopback address; 0 takes a free one.</summary>
    public int ControlPort { get; init; }

    /// <summary>
    /// The name of the cluster, of its user and of the context in its kubeconfig. The stand-in command line tools know
    /// a sandbox by the default.
    /// </summary>
    public string Name { get; init; } = "vcm-sandbox";

    /// <summary>How long a pod takes from its node to readiness; the steps on the way keep their proportions.</summary>
    public TimeSpan ReadyDelay { get; init; }

    /// <summary>Faults that are on from the start, for everything: name and value.</summary>
    public IReadOnlyDictionary<string, string> Faults { get; init; } = new Dictionary<string, string>();

    /// <summary>Where the host's objects are kept from one run to the next; nowhere by default.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>The clock of everything inside.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Where logs go; nowhere by default.</summary>
    public ILoggerFactory? Loggers { get; init; }
}
