namespace VClusterManager.Sandbox.Running;

/// <summary>Files that nobody else on the machine may read.</summary>
internal static class PrivateFile
{
    public static void Write(string path, string text)
    {
        if (!OperatingSystem.IsWindows() && !File.Exists(path))
        {
            File.Open(
                    path,
                    new FileStreamOptions
                    {
                        Mode = FileMode.CreateNew,
                        Access = FileAccess.Write,
                        UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
                    }
                )
                .Dispose();
        }

        File.WriteAllText(path, text);
    }
}
