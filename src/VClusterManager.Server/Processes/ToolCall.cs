namespace VClusterManager.Server.Processes;

/// <summary>One run of an external tool: an executable and a list of arguments. There is no shell anywhere.</summary>
internal sealed record ToolCall
{
    /// <summary>The absolute path of the executable.</summary>
    public required string Executable { get; init; }

    /// <summary>What it is run for, in one of a few words: it stands in metrics, where nothing may that callers send.</summary>
    public string Verb { get; init; } = "other";

    /// <summary>One entry is one argument, passed on as it is.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>Added to the empty environment after the allow-list, HOME, TMPDIR and PATH.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Folders put on the PATH of the call, first one first (where helm lies, for vcluster).</summary>
    public IReadOnlyList<string> Path { get; init; } = [];

    public string? StandardInput { get; init; }

    public required TimeSpan Timeout { get; init; }

    /// <summary>Bytes kept of each stream; what comes after is counted and dropped.</summary>
    public int MaxOutputBytes { get; init; } = 1024 * 1024;

    /// <summary>
    /// Given standard output as it comes, in place of its being kept. The tool waits while it is taken, so whoever takes it
    /// needs a limit of time of its own; when it throws, the rest is dropped.
    /// </summary>
    public Func<ReadOnlyMemory<byte>, ValueTask>? TakeOutput { get; init; }

    /// <summary>Told of each line as it comes, colour codes removed. Must not block.</summary>
    public Action<ToolLine>? OnLine { get; init; }
}

/// <param name="IsError">It came on standard error.</param>
internal readonly record struct ToolLine(bool IsError, string Text);

/// <summary>How a call ended. The exit code is data: a tool that says no has not failed us.</summary>
/// <param name="ExitCode"><see langword="null"/> when it was ended by us or could not be started.</param>
internal sealed record ToolResult(
    ToolEnd End,
    int? ExitCode,
    string Output,
    string Error,
    bool Truncated,
    TimeSpan Duration
)
{
    /// <summary>The name of the signal that ended it (which we did not send); <see langword="null"/> when none did.</summary>
    public string? Signal => ExitCode is { } code ? ToolSignal.NameOf(code) : null;
}

internal enum ToolEnd
{
    Exited,
    TimedOut,
    Cancelled,
    NotStarted,
}
