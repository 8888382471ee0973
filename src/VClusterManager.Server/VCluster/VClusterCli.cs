using VClusterManager.Server.Configuration;
using VClusterManager.Server.Kubernetes;
using VClusterManager.Server.Processes;

namespace VClusterManager.Server.VCluster;

/// <summary>The verbs of the vcluster CLI (and of helm, for repair) that the manager uses.</summary>
internal sealed class VClusterCli(
    ToolRunner runner,
    ToolLocations locations,
    HostConfiguration host,
    VClusterOptions options
)
{
    public Task<CliResult> CreateAsync(
        NamespacedName cluster,
        string valuesYaml,
        bool upgrade,
        Action<ToolLine> onLine,
        CancellationToken cancellation
    ) =>
        RunAsync(
            upgrade ? CliVerb.Upgrade : CliVerb.Create,
            locations.VCluster,
            (folder, context) =>
                CliArguments.Create(cluster, folder.Write("values.yaml", valuesYaml), upgrade, context),
            onLine,
            cancellation
        );

    public Task<CliResult> DeleteAsync(
        NamespacedName cluster,
        bool keepVolumes,
        Action<ToolLine> onLine,
        CancellationToken cancellation
    ) =>
        RunAsync(
            CliVerb.Delete,
            locations.VCluster,
            (_, context) => CliArguments.Delete(cluster, keepVolumes, context),
            onLine,
            cancellation
        );

    public Task<CliResult> PauseAsync(
        NamespacedName cluster,
        Action<ToolLine> onLine,
        CancellationToken cancellation
    ) =>
        RunAsync(
            CliVerb.Pause,
            locations.VCluster,
            (_, context) => CliArguments.Pause(cluster, context),
            onLine,
            cancellation
        );

    public Task<CliResult> ResumeAsync(
        NamespacedName cluster,
        Action<ToolLine> onLine,
        CancellationToken cancellation
    ) =>
        RunAsync(
            CliVerb.Resume,
            locations.VCluster,
            (_, context) => CliArguments.Resume(cluster, context),
            onLine,
            cancellation
        );

    /// <summary>Takes a Helm release away that the CLI cannot (stuck pending, or without a workload).</summary>
    public Task<CliResult> UninstallReleaseAsync(
        NamespacedName cluster,
        Action<ToolLine> onLine,
        CancellationToken cancellation
    ) =>
        RunAsync(
            CliVerb.UninstallRelease,
            locations.Helm,
            (_, context) => CliArguments.HelmUninstall(cluster, context),
            onLine,
            cancellation
        );

    /// <summary>Rolls a release that is stuck in pending-upgrade back to its last deployed revision.</summary>
    public async Task<CliResult> RollbackReleaseAsync(
        NamespacedName cluster,
        Action<ToolLine> onLine,
        CancellationToken cancellation
    )
    {
        // Without a revision helm takes the one before the last, which may be one that failed.
        var history = await RunAsync(
            CliVerb.RollbackRelease,
            locations.Helm,
            (_, context) => CliArguments.HelmHistory(cluster, context),
            _ => { },
            cancellation
        );
        if (history.Verdict != CliVerdict.Done)
            return history;
        if (HelmHistory.LastDeployed(history.Run.Output) is not { } revision)
        {
            const string Nothing = "the Helm release has never been deployed: there is nothing to roll back to";
            return history with { Verdict = CliVerdict.ReleaseMissing, Message = Nothing };
        }

        return await RunAsync(
            CliVerb.RollbackRelease,
            locations.Helm,
            (_, context) => CliArguments.HelmRollback(cluster, revision, context),
            onLine,
            cancellation
        );
    }

    private async Task<CliResult> RunAsync(
        CliVerb verb,
        ToolLocation tool,
        Func<ToolFolder, string?, IReadOnlyList<string>> arguments,
        Action<ToolLine> onLine,
        CancellationToken cancellation
    )
    {
        if (tool.Find() is not { } executable)
        {
            var missing = new ToolResult(ToolEnd.NotStarted, null, "", tool.Missing, false, TimeSpan.Zero);
            return CliOutcome.Read(verb, missing);
        }

        await using var folder = runner.CreateFolder();
        VClusterHome.Prepare(folder);
        var kubeconfig = host.ForTools();
        var run = await runner.RunAsync(
            folder,
            new ToolCall
            {
                Executable = executable,
                Verb = WordOf(verb),
                Arguments = arguments(folder, kubeconfig.Context),
                Environment = new Dictionary<string, string>(VClusterHome.Environment)
                {
                    ["KUBECONFIG"] = kubeconfig.Files ?? folder.Write("kubeconfig", kubeconfig.Content!),
                },
                // vcluster calls helm by its name.
                Path = locations.Helm.Find() is { } helm ? [Path.GetDirectoryName(helm)!] : [],
                Timeout = options.Timeouts.Command,
                OnLine = onLine,
            },
            cancellation
        );
        return CliOutcome.Read(verb, run);
    }

    private static string WordOf(CliVerb verb) =>
        verb switch
        {
            CliVerb.UninstallRelease => "uninstall",
            CliVerb.RollbackRelease => "rollback",
            _ => verb.ToString().ToLowerInvariant(),
        };
}
