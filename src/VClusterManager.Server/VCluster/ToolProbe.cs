using System.Text.RegularExpressions;
using VClusterManager.Server.Processes;

namespace VClusterManager.Server.VCluster;

/// <summary>Fills <see cref="ToolState"/>.</summary>
/// <remarks>
/// Asks each tool for its version, once, in the background: the server starts without waiting for it. While something
/// is wrong it asks again every <see cref="Again"/>, so that installing a tool needs no restart; when all is well it
/// asks every <see cref="Rarely"/>, since tools are upgraded below a running server, too.
/// </remarks>
internal sealed partial class ToolProbe(
    ToolRunner runner,
    ToolLocations locations,
    ToolState state,
    TimeProvider time,
    ILogger<ToolProbe> logger
) : BackgroundService
{
    internal static readonly TimeSpan Again = TimeSpan.FromSeconds(30);
    internal static readonly TimeSpan Rarely = TimeSpan.FromMinutes(30);

    private static readonly Version OldestHelm = new(3, 10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var report = await ProbeAsync(stoppingToken);
            if (stoppingToken.IsCancellationRequested)
                return;
            Announce(report);
            state.Set(report);
            await Task.Delay(report.Problems.Count > 0 ? Again : Rarely, time, stoppingToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    internal async Task<ToolReport> ProbeAsync(CancellationToken cancellation)
    {
        var problems = new List<string>();
        var vcluster = await VersionAsync(locations.VCluster, ["--version"], problems, cancellation);
        var helm = await VersionAsync(locations.Helm, ["version", "--short"], problems, cancellation);
        var kubectl = await VersionAsync(locations.Kubectl, ["version", "--client"], problems, cancellation);
        if (helm is not null && Version.TryParse(helm.Split('-', '+')[0], out var number) && number < OldestHelm)
            problems.Add($"helm {helm} is too old: vcluster needs {OldestHelm} or newer");
        return new ToolReport(vcluster, helm, kubectl, problems);
    }

    private async Task<string?> VersionAsync(
        ToolLocation tool,
        IReadOnlyList<string> arguments,
        List<string> problems,
        CancellationToken cancellation
    )
    {
        if (tool.Find() is not { } executable)
        {
            problems.Add(tool.Missing);
            return null;
        }

        await using var folder = runner.CreateFolder();
        VClusterHome.Prepare(folder);
        var result = await runner.RunAsync(
            folder,
            new ToolCall
            {
                Executable = executable,
                Verb = "version",
                Arguments = arguments,
                Environment = VClusterHome.Environment,
                Timeout = TimeSpan.FromSeconds(30),
            },
            cancellation
        );
        var version = Number().Match(result.Output);
        if (result.ExitCode == 0 && version.Success)
            return version.Groups["number"].Value;
        var said = CliText
            .Entries(result.Error.Length > 0 ? result.Error : result.Output)
            .Select(e => CliText.Clean(e.Text));
        problems.Add($"{executable} does not tell its version: {said.LastOrDefault() ?? Ending(result)}");
        return null;
    }

    private static string Ending(ToolResult result) =>
        result.Signal is { } signal ? $"it was killed ({signal})"
        : result.ExitCode is { } code ? $"exit code {code}"
        : result.End.ToString();

    private void Announce(ToolReport report)
    {
        var before = state.Report;
        foreach (var problem in report.Problems.Except(before.Problems))
            Log.Problem(logger, problem);
        if (report.Problems.Count == 0 && before != report)
            Log.Found(logger, report.VClusterVersion, report.HelmVersion, report.KubectlVersion);
    }

    [GeneratedRegex(@"v?(?<number>\d+\.\d+\.\d+[0-9A-Za-z.-]*)", RegexOptions.NonBacktracking)]
    private static partial Regex Number();

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "{Problem}")]
        public static partial void Problem(ILogger logger, string problem);

        [LoggerMessage(
            Level = LogLevel.Information,
            Message = "Found vcluster {VCluster}, helm {Helm}, kubectl {Kubectl}"
        )]
        public static partial void Found(ILogger logger, string? vCluster, string? helm, string? kubectl);
    }
}
