using System.Diagnostics;
using VCluster.StandIn.Faults;

namespace VCluster.StandIn.Verbs;

/// <summary>How a run of helm ended, with all it said.</summary>
internal sealed record HelmResult(int ExitCode, string Output);

/// <summary>The helm on PATH, whichever it is. The CLI starts it as a child and does not end it when it is ended itself.</summary>
internal sealed class HelmTool(VClusterCall call, FaultPlan plan)
{
    private const int Killed = 128 + 9;

    private string _path = "";

    /// <exception cref="VerbException">There is none, or it is too old.</exception>
    public async Task CheckAsync()
    {
        _path = Find();
        var result = await RunAsync(["version", "--template", "{{.Version}}"]);
        if (result.ExitCode != 0)
        {
            throw new VerbException($"exit status {result.ExitCode}");
        }

        if (!IsNewEnough(result.Output))
        {
            throw new VerbException(
                "please ensure that the \"helm\" binary in your PATH is valid. Currently only Helm >= v3.10.0 is supported"
            );
        }
    }

    public async Task<HelmResult> RunAsync(IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(_path, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (plan.ForHelm is { } fault)
        {
            start.Environment[HelmFault.Variable] = fault;
        }

        using var process = Process.Start(start)!;
        var (stdout, stderr) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        var output = await stdout + await stderr;
        await process.WaitForExitAsync();
        if (process.ExitCode == Killed && plan.DiesWithHelm)
        {
            HelmFault.Die();
        }

        return new HelmResult(process.ExitCode, output);
    }

    private string Find()
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(
            ':',
            StringSplitOptions.RemoveEmptyEntries
        );
        var found = folders.Select(folder => Path.Combine(folder, "helm")).FirstOrDefault(File.Exists);
        if (found is not null)
        {
            return found;
        }

        call.Log.Info("\e[0;93m\e[0mDownloading [command helm]");
        throw new VerbException(
            "error while installing helm: download file: get url: Get \"https://get.helm.sh/helm-v3.12.3-linux-amd64.tar.gz\": Bad Gateway"
        );
    }

    private static bool IsNewEnough(string version) =>
        System.Version.TryParse(version.Trim().TrimStart('v').Split('-', '+')[0], out var parsed)
        && parsed >= new Version(3, 10);
}
