namespace VClusterManager.Server.Processes;

/// <summary>
/// The folder of this server process below the system's temporary folder; every call's folder lies in it.
/// </summary>
/// <remarks>
/// A server that is killed cannot tidy up, and what tools leave behind holds credentials. So each server holds a lock
/// on a file in its folder for as long as it lives (the kernel lets go of it, however the server ends), and a server
/// that starts removes the folders whose lock is free, after ending what still runs in them. Mostly the server's
/// <see cref="Guardian"/> has done so long before; this is for when both were killed, and for systems without one.
/// </remarks>
internal sealed class ServerFolder : IDisposable
{
    private const string Prefix = "vcluster-manager-";
    private const string LockName = ".lock";

    // Between making the folder and locking it lie microseconds; a folder without a lock that is older is a leftover.
    private static readonly TimeSpan Unlocked = TimeSpan.FromMinutes(1);

    private readonly FileStream _lock;
    private int _calls;

    public string Root { get; }

    public ServerFolder(TimeProvider time)
        : this(Path.GetTempPath(), time) { }

    internal ServerFolder(string parent, TimeProvider time)
    {
        Sweep(parent, time);
        Root = Path.Combine(parent, Prefix + Guid.NewGuid().ToString("N"));
        ToolFolder.MakeFolder(Root);
        _lock = new FileStream(Path.Combine(Root, LockName), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
    }

    /// <summary>Whether a path is that of a server's folder, which may be removed with all that runs in it.</summary>
    public static bool IsOne(string path) =>
        Path.IsPathFullyQualified(path)
        && Path.GetFileName(path) is { } name
        && name.StartsWith(Prefix, StringComparison.Ordinal)
        && Guid.TryParseExact(name.AsSpan(Prefix.Length), "N", out _);

    public ToolFolder CreateCall() => new(Path.Combine(Root, Interlocked.Increment(ref _calls).ToString("D6")));

    public void Dispose()
    {
        ToolFolder.Remove(Root);
        _lock.Dispose();
    }

    private static void Sweep(string parent, TimeProvider time)
    {
        foreach (var folder in Directory.EnumerateDirectories(parent, Prefix + "*"))
        {
            try
            {
                if (IsAbandoned(folder, time))
                {
                    ProcessTree.Of(folder).Kill();
                    ToolFolder.Remove(folder);
                }
            }
            catch (UnauthorizedAccessException)
            {
                // Another user's.
            }
        }
    }

    private static bool IsAbandoned(string folder, TimeProvider time)
    {
        try
        {
            using var free = new FileStream(
                Path.Combine(folder, LockName),
                FileMode.Open,
                FileAccess.ReadWrite,
                FileShare.None
            );
            return true;
        }
        catch (FileNotFoundException)
        {
            return time.GetUtcNow().UtcDateTime - Directory.GetLastWriteTimeUtc(folder) > Unlocked;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
