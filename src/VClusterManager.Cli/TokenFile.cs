using System.Text.Json;

namespace VClusterManager.Cli;

/// <summary>Where a token is kept until it ends: a file that only its owner can read, in the user's cache.</summary>
internal sealed class TokenFile(string name)
{
    /// <summary>One that ends sooner is not worth using.</summary>
    private static readonly TimeSpan Least = TimeSpan.FromMinutes(1);

    private static readonly string Folder = Path.Combine(
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache
            ? cache
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
        "vcm",
        "tokens"
    );

    private string File => Path.Combine(Folder, name);

    /// <summary><see langword="null"/>: there is none that still lasts.</summary>
    public ExecCredential? Read(DateTimeOffset now)
    {
        try
        {
            var kept = JsonSerializer.Deserialize(System.IO.File.ReadAllText(File), CliJson.Default.ExecCredential);
            return kept?.Status.ExpirationTimestamp - now > Least ? kept : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <summary>In one step, so that nobody reads half of it. Where it cannot be kept, it is asked for again next time.</summary>
    public void Write(ExecCredential credential)
    {
        var draft = $"{File}.{Environment.ProcessId}";
        try
        {
            Directory.CreateDirectory(Folder);
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using (var stream = new FileStream(draft, options))
            {
                JsonSerializer.Serialize(stream, credential, CliJson.Default.ExecCredential);
            }

            System.IO.File.Move(draft, File, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            System.IO.File.Delete(draft);
        }
    }
}
