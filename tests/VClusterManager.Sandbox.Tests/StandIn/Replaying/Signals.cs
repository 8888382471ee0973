using System.Diagnostics;
using System.Globalization;

namespace VClusterManager.Sandbox.Tests.StandIn.Replaying;

/// <summary>Signals to processes that a test has started.</summary>
internal static class Signals
{
    public static async Task SendTerminateAsync(int processId)
    {
        var arguments = new[] { "-TERM", processId.ToString(CultureInfo.InvariantCulture) };
        using var kill = Process.Start("kill", arguments);
        await kill.WaitForExitAsync();
    }
}
