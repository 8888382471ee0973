using System.Diagnostics;
using System.Text;

namespace VClusterManager.EndToEnd.Tests.TestHost;

/// <summary>What runs on this machine, as the kernel shows it.</summary>
internal static class ProcessTable
{
    /// <summary>
    /// What a server has started, however far it has moved from it: the server's folder is in its environment. The
    /// server itself is not among them.
    /// </summary>
    public static IReadOnlyList<ToolProcess> ToolsOf(ServerProcess server)
    {
        var mark = $"={server.Folder}/tmp/";
        return
        [
            .. Folders()
                .Select(folder => new ToolProcess(
                    int.Parse(Path.GetFileName(folder)),
                    Read(folder, "cmdline"),
                    Read(folder, "environ")
                ))
                .Where(process => process.Environment.Contains(mark, StringComparison.Ordinal)),
        ];
    }

    /// <summary>The processes that see to it that nothing outlives this server.</summary>
    public static IReadOnlyList<int> GuardiansOf(ServerProcess server) =>
        [
            .. Folders()
                .Where(folder =>
                    Read(folder, "cmdline")
                        .Contains($" guard {server.Folder}/tmp/vcluster-manager-", StringComparison.Ordinal)
                )
                .Select(folder => int.Parse(Path.GetFileName(folder))),
        ];

    /// <summary>Ends what a server that was killed has left running.</summary>
    public static void EndToolsOf(ServerProcess server)
    {
        foreach (var tool in ToolsOf(server))
        {
            try
            {
                using var process = Process.GetProcessById(tool.Id);
                process.Kill();
            }
            catch (Exception e) when (e is ArgumentException or InvalidOperationException)
            {
                // It has ended meanwhile.
            }
        }
    }

    /// <summary>The command lines of all processes there are.</summary>
    public static IEnumerable<string> CommandLines() => Folders().Select(folder => Read(folder, "cmdline"));

    private static IEnumerable<string> Folders() =>
        Directory.EnumerateDirectories("/proc").Where(folder => int.TryParse(Path.GetFileName(folder), out _));

    private static string Read(string folder, string file)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes(Path.Combine(folder, file))).Replace('\0', ' ');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has ended meanwhile, or is another user's.
            return "";
        }
    }
}

/// <summary>A process that a server has started; its words with spaces between them.</summary>
internal sealed record ToolProcess(int Id, string CommandLine, string Environment);
