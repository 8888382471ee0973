using System.Globalization;

namespace VClusterManager.Server.Storage;

/// <summary>
/// The file of an SQLite database, held by this process alone: two servers on one file would both believe themselves
/// the only one. The lock is the operating system's, on a file beside it, so it ends with the process however that ends.
/// </summary>
internal sealed class SqliteFile : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly FileStream _lock;
    private readonly string _holderPath;

    private SqliteFile(FileStream heldLock, string holderPath, bool locksWork)
    {
        _lock = heldLock;
        _holderPath = holderPath;
        LocksWork = locksWork;
    }

    /// <summary><see langword="false"/>: this file system knows no locks, so a second process would not be noticed.</summary>
    public bool LocksWork { get; }

    /// <summary>Makes folder and file, readable by this user alone, and takes the lock.</summary>
    /// <exception cref="DatabaseRefusedException">Another process holds it, or the place cannot be written.</exception>
    public static SqliteFile Hold(string path, TimeProvider time)
    {
        var holderPath = path + ".pid";
        FileStream? heldLock = null;
        try
        {
            CreateFolder(Path.GetDirectoryName(path)!);
            heldLock = TryLock(path + ".lock") ?? throw Taken(path, holderPath);
            CreateFile(path);
            WriteHolder(holderPath, time);
            return new SqliteFile(heldLock, holderPath, locksWork: !CanLockAgain(path + ".lock"));
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            heldLock?.Dispose();
            throw new DatabaseRefusedException($"The database file {path} cannot be used: {e.Message}", e);
        }
    }

    public void Dispose()
    {
        // The lock file itself stays: removing it would let two others lock two different files of that name.
        File.Delete(_holderPath);
        _lock.Dispose();
    }

    private static FileStream? TryLock(string path)
    {
        try
        {
            return new FileStream(path, Options(FileMode.OpenOrCreate, FileShare.None));
        }
        catch (IOException) when (File.Exists(path))
        {
            return null;
        }
    }

    private static bool CanLockAgain(string path)
    {
        using var second = TryLock(path);
        return second is not null;
    }

    private static void CreateFolder(string folder)
    {
        if (Directory.Exists(folder))
        {
            return;
        }

        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
        }
    }

    // SQLite gives its write-ahead log the mode of the database file.
    private static void CreateFile(string path)
    {
        using var file = new FileStream(path, Options(FileMode.OpenOrCreate, FileShare.ReadWrite));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file.SafeFileHandle, OwnerOnly);
        }
    }

    private static void WriteHolder(string path, TimeProvider time)
    {
        using var file = new FileStream(path, Options(FileMode.Create, FileShare.ReadWrite));
        using var writer = new StreamWriter(file);
        var since = time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        writer.Write($"process {Environment.ProcessId} on {Environment.MachineName} since {since}");
    }

    private static DatabaseRefusedException Taken(string path, string holderPath)
    {
        var holder = File.Exists(holderPath) ? File.ReadAllText(holderPath) : "another process";
        return new DatabaseRefusedException(
            $"The database file {path} is in use by {holder}. SQLite serves one server; use PostgreSQL for several."
        );
    }

    private static FileStreamOptions Options(FileMode mode, FileShare share)
    {
        var options = new FileStreamOptions
        {
            Mode = mode,
            Access = FileAccess.ReadWrite,
            Share = share,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        return options;
    }
}
