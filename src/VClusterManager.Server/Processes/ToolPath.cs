namespace VClusterManager.Server.Processes;

/// <summary>Finds executables as a shell would, without one.</summary>
internal static class ToolPath
{
    /// <param name="tool">A name (<c>helm</c>), looked for on this server's search path, or a path.</param>
    /// <returns>The absolute path of a file that may be executed; <see langword="null"/> when there is none.</returns>
    public static string? Find(string tool) => Find(tool, ToolEnvironment.Inherited().GetValueOrDefault("PATH") ?? "");

    internal static string? Find(string tool, string searchPath)
    {
        if (Path.GetFileName(tool) != tool)
        {
            var path = Path.GetFullPath(tool);
            return IsExecutable(path) ? path : null;
        }

        return searchPath
            .Split(Path.PathSeparator)
            .Where(Path.IsPathRooted)
            .Select(folder => Path.Combine(folder, tool))
            .FirstOrDefault(IsExecutable);
    }

    private static bool IsExecutable(string path)
    {
        const UnixFileMode Execute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        return File.Exists(path)
            && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & Execute) != UnixFileMode.None);
    }
}
