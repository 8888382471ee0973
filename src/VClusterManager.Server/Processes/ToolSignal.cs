namespace VClusterManager.Server.Processes;

/// <summary>Reads the signal out of an exit code: 128 and its number, as shells and .NET say it.</summary>
internal static class ToolSignal
{
    // The highest number that Linux has.
    private const int Last = 64;

    /// <returns>Its name; <see langword="null"/> when the code is one that a tool has chosen.</returns>
    public static string? NameOf(int exitCode) =>
        (exitCode - 128) switch
        {
            1 => "SIGHUP",
            2 => "SIGINT",
            3 => "SIGQUIT",
            4 => "SIGILL",
            6 => "SIGABRT",
            8 => "SIGFPE",
            9 => "SIGKILL",
            11 => "SIGSEGV",
            13 => "SIGPIPE",
            14 => "SIGALRM",
            15 => "SIGTERM",
            > 0 and <= Last and var number => $"signal {number}",
            _ => null,
        };
}
