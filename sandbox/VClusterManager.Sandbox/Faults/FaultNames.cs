namespace VClusterManager.Sandbox.Faults;

/// <summary>The faults that there are, here and in the command line tools.</summary>
internal static class FaultNames
{
    /// <summary>Pods take longer to become ready; the value is by how much, such as <c>30s</c>.</summary>
    public const string SlowStart = "slow-start";

    /// <summary>The control plane's image cannot be pulled.</summary>
    public const string ImageError = "image-error";

    /// <summary>There is no default storage class, so claims wait.</summary>
    public const string PendingVolume = "pending-volume";

    /// <summary>Claims carry a finalizer that no one removes while the fault is on.</summary>
    public const string StuckFinalizer = "stuck-finalizer";

    /// <summary>The API is away: value <c>refuse</c> (default) refuses connections, <c>503</c> answers so.</summary>
    public const string ApiAway = "api-away";

    /// <summary>Watches that are open while the fault is on stay open and send nothing any more.</summary>
    public const string SilentWatch = "silent-watch";

    /// <summary>Every answer of the API waits; the value is how long, such as <c>200ms</c>.</summary>
    public const string ApiLatency = "api-latency";

    /// <summary>The control plane's container ends soon after each start.</summary>
    public const string CrashLoop = "crash-loop";

    /// <summary>Pods and claims of control planes are refused for want of quota.</summary>
    public const string Quota = "quota";

    /// <summary>Those that the command line tools ask for and bring about.</summary>
    private static readonly string[] OfTools = ["cli-slow", "cli-hang", "cli-crash", "cli-flood", "helm-lock"];

    public static readonly IReadOnlyList<string> All =
    [
        SlowStart,
        ImageError,
        PendingVolume,
        StuckFinalizer,
        Quota,
        CrashLoop,
        ApiAway,
        ApiLatency,
        SilentWatch,
        .. OfTools,
    ];

    /// <summary>What is wrong with a fault that someone wants to switch on; null when it is one.</summary>
    public static string? Check(string name, string value) =>
        !All.Contains(name) ? $"no fault \"{name}\"; there are {string.Join(", ", All)}"
        : ValuesOf(name) is { } values && !values.Contains(value)
            ? $"{name} takes {string.Join(", ", values.Where(one => one.Length > 0))}, not \"{value}\""
        : name is SlowStart or ApiLatency && Durations.TryParse(value) is null
            ? $"{name} takes a time such as 30s or 200ms, not \"{value}\""
        : null;

    private static string[]? ValuesOf(string name) =>
        name switch
        {
            ApiAway => ["", "refuse", PortSwitches.Unavailable],
            "cli-hang" => ["", "before", "middle", "ignore-sigterm"],
            "cli-crash" => ["", "namespace", "release", "half", "workload"],
            _ => null,
        };
}
