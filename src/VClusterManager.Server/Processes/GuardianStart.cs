using System.Diagnostics;

namespace VClusterManager.Server.Processes;

/// <summary>How the guardian is started: this program again, as small as the runtime can be.</summary>
internal static class GuardianStart
{
    /// <summary>What the runtime needs to be found and to start; nothing else is passed on, and no secret.</summary>
    private static readonly string[] Inherited =
    [
        "DOTNET_ROOT*",
        "DOTNET_BUNDLE_EXTRACT_BASE_DIR",
        "LD_LIBRARY_PATH",
        "HOME",
        "TMPDIR",
    ];

    /// <summary>It waits, nearly all of its life: no collector's thread, no debugger's door, no second compilation.</summary>
    private static readonly Dictionary<string, string> Small = new()
    {
        ["DOTNET_gcServer"] = "0",
        ["DOTNET_gcConcurrent"] = "0",
        ["DOTNET_GCHeapHardLimit"] = "0x2000000",
        ["DOTNET_EnableDiagnostics"] = "0",
        ["DOTNET_TieredPGO"] = "0",
    };

    public static ProcessStartInfo Describe(string folder)
    {
        var start = new ProcessStartInfo
        {
            // Not the server's: a folder that is somebody's working directory cannot be unmounted.
            WorkingDirectory = "/",
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var word in (string[])[.. Program(), Guardian.Verb, folder])
            start.ArgumentList.Add(word);
        start.Environment.Clear();
        foreach (var (name, value) in ToolEnvironment.Inherited())
        {
            if (ToolEnvironment.IsAllowed(name, Inherited))
                start.Environment[name] = value;
        }

        foreach (var (name, value) in Small)
            start.Environment[name] = value;
        OwnSession.Enter(start);
        return start;
    }

    // The executable lies beside the assembly, or it was left out and the assembly is run by dotnet.
    private static IEnumerable<string> Program()
    {
        var executable = Path.Combine(AppContext.BaseDirectory, typeof(Guardian).Assembly.GetName().Name!);
        return File.Exists(executable) ? [executable] : [Environment.ProcessPath!, executable + ".dll"];
    }
}
