using System.Text.Json;
using System.Text.Json.Nodes;

namespace VCluster.StandIn.Verbs;

/// <summary>The home folder cannot be found or written, without which the real CLI does nothing at all.</summary>
internal sealed class HomeException(string message) : Exception(message);

/// <summary>Where the CLI keeps its own configuration. Even <c>--version</c> needs it.</summary>
internal sealed class HomeFolder
{
    private const string Trace = """
        create cache folder
        github.com/loft-sh/vcluster/pkg/platform/defaults.(*Defaults).ensureConfigFile
        	github.com/loft-sh/vcluster/pkg/platform/defaults/defaults.go:97
        github.com/loft-sh/vcluster/pkg/platform/defaults.NewFromPath
        	github.com/loft-sh/vcluster/pkg/platform/defaults/defaults.go:37
        github.com/loft-sh/vcluster/cmd/vclusterctl/cmd.BuildRoot
        	github.com/loft-sh/vcluster/cmd/vclusterctl/cmd/root.go:110
        github.com/loft-sh/vcluster/cmd/vclusterctl/cmd.Execute
        	github.com/loft-sh/vcluster/cmd/vclusterctl/cmd/root.go:81
        main.main
        	github.com/loft-sh/vcluster/cmd/vclusterctl/main.go:17
        runtime.main
        	runtime/proc.go:285
        runtime.goexit
        	runtime/asm_amd64.s:1693
        no config file
        github.com/loft-sh/vcluster/pkg/platform/defaults.NewFromPath
        	github.com/loft-sh/vcluster/pkg/platform/defaults/defaults.go:38
        github.com/loft-sh/vcluster/cmd/vclusterctl/cmd.BuildRoot
        	github.com/loft-sh/vcluster/cmd/vclusterctl/cmd/root.go:110
        github.com/loft-sh/vcluster/cmd/vclusterctl/cmd.Execute
        	github.com/loft-sh/vcluster/cmd/vclusterctl/cmd/root.go:81
        main.main
        	github.com/loft-sh/vcluster/cmd/vclusterctl/main.go:17
        runtime.main
        	runtime/proc.go:285
        runtime.goexit
        	runtime/asm_amd64.s:1693

        """;

    private HomeFolder(string path) => Path = path;

    public string Path { get; }

    public string ConfigPath => System.IO.Path.Combine(Path, ".vcluster", "config.json");

    /// <exception cref="HomeException">There is none, or it cannot be written.</exception>
    public static HomeFolder Find()
    {
        var home = Environment.GetEnvironmentVariable("HOME");
        if (string.IsNullOrEmpty(home))
        {
            home =
                HomeOfUser()
                ?? throw new HomeException(
                    "failed to get vcluster configuration file path: %!w(*exec.Error=&{getent 0x5fcde20})"
                );
        }

        var folder = System.IO.Path.Combine(home, ".vcluster");
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new HomeException($"error building root: mkdir {FirstMissing(folder)}: {Reason(exception)}\n{Trace}");
        }

        return new HomeFolder(home);
    }

    /// <summary>Whether the user has switched the calls home off. The stand-in makes none either way, but the values say so.</summary>
    public bool HasTelemetryDisabled => Read()["telemetryDisabled"]?.GetValue<bool>() ?? false;

    /// <summary>The driver that the configuration names.</summary>
    public string Driver => Read()["driver"]?["type"]?.GetValue<string>() ?? "helm";

    public void SetTelemetryDisabled(bool disabled)
    {
        var config = Read();
        config["driver"] ??= new JsonObject { ["type"] = "helm" };
        config["platform"] ??= new JsonObject { ["kind"] = "Config", ["apiVersion"] = "storage.loft.sh/v1" };
        if (disabled)
        {
            config["telemetryDisabled"] = true;
        }
        else
        {
            config.Remove("telemetryDisabled");
        }

        File.WriteAllText(ConfigPath, config.ToJsonString());
    }

    private JsonObject Read()
    {
        try
        {
            return File.Exists(ConfigPath) ? JsonNode.Parse(File.ReadAllText(ConfigPath)) as JsonObject ?? [] : [];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    /// <summary>Go asks <c>getent</c> when HOME is not set, and finds that only by PATH.</summary>
    private static string? HomeOfUser()
    {
        var folders = Environment.GetEnvironmentVariable("PATH") ?? "";
        var found = folders
            .Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Any(folder => File.Exists(System.IO.Path.Combine(folder, "getent")));
        if (!found || !OperatingSystem.IsLinux())
        {
            return null;
        }

        var user = Environment.UserName;
        var line = File.ReadLines("/etc/passwd")
            .FirstOrDefault(line => line.StartsWith(user + ":", StringComparison.Ordinal));
        return line?.Split(':') is [_, _, _, _, _, var home, ..] ? home : null;
    }

    private static string FirstMissing(string folder)
    {
        var path = folder;
        while (System.IO.Path.GetDirectoryName(path) is { Length: > 1 } parent && !Directory.Exists(parent))
        {
            path = parent;
        }

        return path;
    }

    private static string Reason(Exception exception) =>
        exception switch
        {
            _ when exception.Message.Contains("Read-only", StringComparison.Ordinal) => "read-only file system",
            UnauthorizedAccessException => "permission denied",
            _ => "no such file or directory",
        };
}
