using VClusterManager.Server.Processes;

namespace VClusterManager.Server.VCluster;

/// <summary>What a run of the vcluster CLI came to, told from its exit code and its words.</summary>
internal enum CliVerdict
{
    Done,

    /// <summary>create: there is one of that name in that namespace.</summary>
    AlreadyExists,

    /// <summary>"couldn't find vcluster": it is not there, or the host cannot be read. Never a proof of absence.</summary>
    NotFoundOrUnreadable,

    /// <summary>resume: it is not paused (or cannot be read).</summary>
    NotPausedOrUnreadable,

    /// <summary>Helm says that another operation is in progress.</summary>
    LockHeld,

    /// <summary>A second run got in between; look and try again.</summary>
    Raced,

    /// <summary>Another virtual cluster has this namespace.</summary>
    NamespaceTaken,

    /// <summary>The Helm release is gone although the workload is there.</summary>
    ReleaseMissing,

    /// <summary>The values do not fit: only the caller can mend it.</summary>
    ValuesRejected,

    /// <summary>The host refused: rights, quota, admission.</summary>
    Forbidden,

    HostUnreachable,

    /// <summary>helm is missing or too old, or the CLI itself cannot run.</summary>
    ToolBroken,

    TimedOut,

    Cancelled,

    /// <summary>It failed in words that we do not know.</summary>
    Failed,
}

/// <param name="Message">What the tool said, cleaned of colours, times and temporary paths, fit for people.</param>
internal sealed record CliResult(CliVerdict Verdict, string Message, ToolResult Run);

/// <summary>A Kubernetes version on offer.</summary>
/// <param name="Minor"><c>1.35</c></param>
/// <param name="ImageTag"><c>v1.35.0</c></param>
internal sealed record OfferedVersion(string Minor, string ImageTag);
