namespace VClusterManager.Server.Processes;

/// <summary>The folder that one call lives in: its HOME, its TMPDIR, its empty working directory, its files. Removed afterwards.</summary>
internal sealed class ToolFolder : IAsyncDisposable
{
    internal const UnixFileMode PrivateFolder =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    internal const UnixFileMode PrivateFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    internal ToolFolder(string root)
    {
        Root = root;
        foreach (var folder in (string[])[Root, Home, Temporary, Work])
            MakeFolder(folder);
    }

    public string Root { get; }

    public string Home => Path.Combine(Root, "home");

    public string Temporary => Path.Combine(Root, "tmp");

    /// <summary>Empty: the CLI stumbles over a file named <c>vcluster</c> in its working directory.</summary>
    public string Work => Path.Combine(Root, "work");

    /// <summary>Writes a file that only this user can read, below <c>HOME</c> when the name begins with <c>home/</c>; gives its path.</summary>
    public string Write(string name, string content)
    {
        var path = Path.GetFullPath(Path.Combine(Root, name));
        if (!path.StartsWith(Root + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            throw new ArgumentException($"\"{name}\" lies outside of the call's folder.", nameof(name));
        MakeFolder(Path.GetDirectoryName(path)!);
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = PrivateFile;
        using var writer = new StreamWriter(path, options);
        writer.Write(content);
        return path;
    }

    /// <summary>Removes the folder. What cannot be removed now is swept when a server starts.</summary>
    public ValueTask DisposeAsync()
    {
        Remove(Root);
        return ValueTask.CompletedTask;
    }

    internal static void MakeFolder(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, PrivateFolder);
    }

    internal static bool Remove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
            return true;
        }
        catch (DirectoryNotFoundException)
        {
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
