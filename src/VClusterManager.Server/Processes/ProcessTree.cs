using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace VClusterManager.Server.Processes;

/// <summary>
/// Every process that lives in a call's folder, however far it has moved from the process that we started.
/// </summary>
/// <remarks>
/// vcluster starts helm, and when vcluster dies first, helm is nobody's child: the parent chain no longer leads to it.
/// But it has inherited the call's environment, in which HOME and TMPDIR name a folder that no other call has. On Linux
/// the environment of one's own processes can be read, so that is the mark; and the working directory, for one that has
/// cleared its environment. What has left both behind is not found: it does as it likes, without the call's files.
/// Elsewhere the parent chain must do.
/// </remarks>
internal sealed class ProcessTree
{
    /// <summary>There are 32,768 numbers at least: nobody starts as many processes in it.</summary>
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(2);

    private readonly string _folder;
    private readonly byte[] _mark;
    private readonly Process? _root;

    private ProcessTree(string folder, Process? root)
    {
        _folder = folder + "/";
        _mark = Encoding.UTF8.GetBytes("=" + _folder);
        _root = root;
    }

    public static ProcessTree Of(string folder, Process? root = null) => new(folder, root);

    /// <summary>Whether any of them still runs; where they cannot be found, whether the first does.</summary>
    public bool IsAlive => RootIsAlive || Members().Count > 0;

    private bool RootIsAlive => _root is { HasExited: false };

    /// <summary>Whether the first process, which has ended, has left others behind.</summary>
    /// <param name="ran">How long it ran.</param>
    /// <remarks>
    /// Asked after every call, on machines with hundreds of processes, so only those are looked at that can be meant. A
    /// child's number is above its parent's, as long as numbers have not begun anew from below; in a short time they have
    /// not done so more than once, and whether they have shows in the last one that was given.
    /// </remarks>
    public bool LeftAny(TimeSpan ran) =>
        OperatingSystem.IsLinux()
        && _root is { Id: var root }
        && Members(above: ran < Short && LastNumber() >= root ? root : 0).Count > 0;

    /// <summary>Asks all of them to stop.</summary>
    public void AskToStop()
    {
        foreach (var id in Targets())
            Signal(id, SignalTerminate);
    }

    /// <summary>Kills all of them, and those that they start meanwhile.</summary>
    /// <returns>Whether there was none to begin with.</returns>
    public bool Kill()
    {
        // A process that forks while it is being looked for is found in the next round; it takes few.
        for (var round = 0; round < 20; round++)
        {
            var targets = Targets();
            if (targets.Count == 0)
                return round == 0;
            foreach (var id in targets)
                Signal(id, SignalKill);
            KillByParents();
        }

        return false;
    }

    private HashSet<int> Targets()
    {
        var targets = Members();
        if (RootIsAlive)
            targets.Add(_root!.Id);
        return targets;
    }

    private void KillByParents()
    {
        try
        {
            if (RootIsAlive && !OperatingSystem.IsLinux())
                _root!.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or AggregateException or NotSupportedException)
        {
            // It has ended by itself.
        }
    }

    private HashSet<int> Members(int above = 0)
    {
        if (!OperatingSystem.IsLinux())
            return [];
        var members = new HashSet<int>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (
                int.TryParse(Path.GetFileName(folder.AsSpan()), NumberStyles.None, null, out var id)
                && id > above
                && id != Environment.ProcessId
                && CarriesMark(folder)
            )
                members.Add(id);
        }

        return members;
    }

    /// <summary>The last field of <c>/proc/loadavg</c>: the number that was given last; 0 where nobody says.</summary>
    private static int LastNumber()
    {
        try
        {
            var text = File.ReadAllText("/proc/loadavg").AsSpan().TrimEnd();
            return int.TryParse(text[(text.LastIndexOf(' ') + 1)..], NumberStyles.None, null, out var id) ? id : 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    private bool CarriesMark(string process)
    {
        try
        {
            // Unreadable for other users' processes, empty for those that have ended and wait to be collected.
            return File.ReadAllBytes(Path.Combine(process, "environ")).AsSpan().IndexOf(_mark) >= 0
                || WorkingDirectory(process).StartsWith(_folder, StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string WorkingDirectory(string process) =>
        new FileInfo(Path.Combine(process, "cwd")).LinkTarget ?? "";

    private const int SignalKill = 9;
    private const int SignalTerminate = 15;

    private static void Signal(int id, int signal)
    {
        if (OperatingSystem.IsWindows())
            return;
        // Fails when the process has ended meanwhile, which is what is wanted.
        _ = kill(id, signal);
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int kill(int id, int signal);
}
