using System.Globalization;

namespace VCluster.StandIn.Verbs;

/// <summary>Files in <c>$TMPDIR</c> under names like Go's (<c>PREFIX1638737461</c>), gone when the verb ends and left behind when it is killed.</summary>
internal sealed class TemporaryFiles : IDisposable
{
    private readonly List<string> _paths = [];

    public string NewPath(string prefix = "")
    {
        var number = ((uint)Random.Shared.NextInt64(uint.MaxValue)).ToString(CultureInfo.InvariantCulture);
        var path = Path.Combine(Path.GetTempPath(), prefix + number);
        _paths.Add(path);
        return path;
    }

    /// <summary>A file that only its owner can read: it may hold credentials.</summary>
    public string Write(string text)
    {
        var path = NewPath();
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var writer = new StreamWriter(path, options);
        writer.Write(text);
        return path;
    }

    public void Dispose()
    {
        foreach (var path in _paths)
        {
            File.Delete(path);
        }
    }
}
