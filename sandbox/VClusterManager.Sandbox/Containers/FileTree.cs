namespace VClusterManager.Sandbox.Containers;

/// <summary>A file or a directory in a container.</summary>
internal sealed record FileEntry(bool IsDirectory, ReadOnlyMemory<byte> Content, int Mode, DateTimeOffset Modified);

/// <summary>The files of one container, in memory and gone with it. Paths are absolute and without a slash at the end.</summary>
internal sealed class FileTree(TimeProvider time)
{
    public const int FileMode = 0b110_100_100;
    public const int DirectoryMode = 0b111_101_101;

    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, FileEntry> _entries = new(StringComparer.Ordinal);

    /// <summary>The absolute form of a path as a program means it that works in a directory.</summary>
    public static string Absolute(string path, string directory)
    {
        var parts = new List<string>();
        foreach (var part in (path.StartsWith('/') ? path : $"{directory}/{path}").Split('/'))
        {
            if (part == "..")
            {
                parts.RemoveRange(Math.Max(0, parts.Count - 1), Math.Min(1, parts.Count));
            }
            else if (part is not ("" or "."))
            {
                parts.Add(part);
            }
        }

        return "/" + string.Join('/', parts);
    }

    public FileEntry? Find(string path)
    {
        lock (_lock)
        {
            return path == "/"
                ? new FileEntry(true, default, DirectoryMode, DateTimeOffset.UnixEpoch)
                : _entries.GetValueOrDefault(path);
        }
    }

    public bool IsDirectory(string path) => Find(path)?.IsDirectory == true;

    /// <summary>Writes a file; false where its directory is missing or it is a directory itself.</summary>
    public bool Write(string path, ReadOnlyMemory<byte> content, int mode = FileMode, DateTimeOffset? modified = null)
    {
        lock (_lock)
        {
            if (!IsDirectory(Parent(path)) || IsDirectory(path))
            {
                return false;
            }

            _entries[path] = new FileEntry(false, content, mode, modified ?? time.GetUtcNow());
            return true;
        }
    }

    /// <summary>Makes a directory and those above it; false where a file is in the way.</summary>
    public bool MakeDirectory(string path)
    {
        lock (_lock)
        {
            if (Find(path) is { } there)
            {
                return there.IsDirectory;
            }

            if (!MakeDirectory(Parent(path)))
            {
                return false;
            }

            _entries[path] = new FileEntry(true, default, DirectoryMode, time.GetUtcNow());
            return true;
        }
    }

    public bool Remove(string path)
    {
        lock (_lock)
        {
            var gone = Below(path);
            foreach (var (below, _) in gone)
            {
                _entries.Remove(below);
            }

            return gone.Count > 0;
        }
    }

    /// <summary>What lies at a path and all that lies below it.</summary>
    public IReadOnlyList<(string Path, FileEntry Entry)> Below(string path)
    {
        var prefix = path == "/" ? "/" : path + "/";
        lock (_lock)
        {
            return
            [
                .. _entries
                    .Where(entry => entry.Key == path || entry.Key.StartsWith(prefix, StringComparison.Ordinal))
                    .Select(entry => (entry.Key, entry.Value)),
            ];
        }
    }

    /// <summary>The names in a directory.</summary>
    public IReadOnlyList<string> Names(string directory) =>
        [
            .. Below(directory)
                .Where(entry => entry.Path != directory && Parent(entry.Path) == directory)
                .Select(entry => entry.Path[(entry.Path.LastIndexOf('/') + 1)..]),
        ];

    private static string Parent(string path)
    {
        var slash = path.LastIndexOf('/');
        return slash <= 0 ? "/" : path[..slash];
    }
}
