using System.Diagnostics;

namespace VClusterManager.Server.Processes;

/// <summary>
/// Starts processes in a session of their own, so that Ctrl+C in a terminal, and whatever else is sent to the server's
/// process group, reaches the server alone: it drains, and ends its tools itself.
/// </summary>
/// <remarks>
/// .NET cannot, and a process that has begun cannot be moved. <c>setsid</c> of the system can: it makes the session and
/// becomes the tool, with the same process id, in less than a millisecond. Where there is none, tools share the group.
/// </remarks>
internal static class OwnSession
{
    private static readonly string? Setsid = OperatingSystem.IsLinux()
        ? ToolPath.Find("setsid", "/usr/bin:/bin")
        : null;

    /// <summary>Makes a start by a list of arguments, the first of which is the executable, one in an own session.</summary>
    public static void Enter(ProcessStartInfo start)
    {
        if (Setsid is null)
        {
            start.FileName = start.ArgumentList[0];
            start.ArgumentList.RemoveAt(0);
        }
        else
        {
            start.FileName = Setsid;
        }
    }

    /// <summary>What <c>setsid</c> said when it could not become the tool; <see langword="null"/> when it did.</summary>
    public static string? Refusal(int exitCode, string error) =>
        Setsid is not null && exitCode is 126 or 127 && error.StartsWith("setsid: ", StringComparison.Ordinal)
            ? error["setsid: ".Length..].Trim()
            : null;
}
