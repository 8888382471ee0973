using VClusterManager.Server.Configuration;
using VClusterManager.Server.Kubernetes;
using VClusterManager.Server.Processes;
using VClusterManager.Server.Storage;

namespace VClusterManager.Server.Clusters.Lifecycle;

/// <summary>What a step is told: the newest intent, and a way to write into the operation's log.</summary>
/// <param name="Row">The cluster as the database has it; steps only read it.</param>
/// <param name="Spent">For how long the step has been worked on.</param>
/// <param name="Begin">Shows that the step is being worked on, and at what.</param>
/// <param name="TakeSlot">A slot for one CLI run, kept until the run of the operation is over; false: none is free.</param>
/// <param name="Stop">The run should end: interrupted, claim lost, or the server stops.</param>
internal sealed record StepContext(
    ClusterRow Row,
    OperationRow Operation,
    OperationLogWriter Log,
    StepFindings Findings,
    TimeSpan Spent,
    Func<string, Task> Begin,
    Func<bool> TakeSlot,
    CancellationToken Stop
)
{
    public NamespacedName Key { get; } = new(Row.Namespace, Row.Name);

    /// <summary>The operation has had the step done before, and looks at it again.</summary>
    public bool WasDone(IStep step) =>
        Operation.Steps.Exists(known => known.Name == step.Name && known.State == OperationState.Succeeded);

    /// <summary>Tells in the operation's log what is being done.</summary>
    public void Say(string text) => Log.Write("manager", text);

    /// <summary>Tells in the log and in the step what is about to be done on the host.</summary>
    public async Task ActAsync(string text)
    {
        Say(text);
        await Begin(text);
    }

    public void OnLine(ToolLine line) => Log.Write(line.IsError ? "stderr" : "stdout", line.Text);
}

/// <summary>What steps found out that is worth keeping when the operation ends well.</summary>
internal sealed class StepFindings
{
    public string? Endpoint { get; set; }

    /// <summary>The generation that the host was seen to have installed.</summary>
    public long? InstalledGeneration { get; set; }

    /// <summary>The host has shown the workload with our id.</summary>
    public bool Installed { get; set; }
}

/// <summary>One thing that must be true on the host. Looks first, acts only where it is not, and is safe to run twice.</summary>
internal interface IStep
{
    string Name { get; }

    /// <summary>How long it may take while the host can be read.</summary>
    TimeSpan Limit { get; }

    Task<StepResult> RunAsync(StepContext context);
}

/// <summary>The steps of each kind of operation, in order.</summary>
internal sealed class StepPlan(
    Steps.NamespaceStep ns,
    Steps.InstallStep install,
    Steps.ReadyStep ready,
    Steps.KubeconfigStep kubeconfig,
    Steps.PauseStep pause,
    Steps.ResumeStep resume,
    Steps.UninstallStep uninstall,
    Steps.CleanUpStep cleanUp,
    Steps.GoneStep gone
)
{
    public IReadOnlyList<IStep> For(OperationKind kind) =>
        kind switch
        {
            OperationKind.Create or OperationKind.Update => [ns, install, ready, kubeconfig],
            OperationKind.Pause => [pause],
            OperationKind.Resume => [resume, ready, kubeconfig],
            OperationKind.Delete => [uninstall, cleanUp, gone],
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "An operation without a plan."),
        };

    /// <summary>How many steps such an operation has, for its progress.</summary>
    public static int CountOf(OperationKind kind) =>
        kind switch
        {
            OperationKind.Create or OperationKind.Update => 4,
            OperationKind.Pause => 1,
            _ => 3,
        };
}

/// <summary>How long the steps may take.</summary>
internal sealed class StepLimits(ManagerOptions options)
{
    private LifecycleTimeouts Timeouts => options.VCluster.Timeouts;

    /// <summary>Several runs of the CLI: a lock held elsewhere, a release to be repaired, a second try.</summary>
    public TimeSpan Command => Timeouts.Command * 3;

    public TimeSpan Ready => Timeouts.Ready;

    public TimeSpan Gone => Timeouts.Gone;

    /// <summary>How long what seldom goes away by itself is looked at before the operation is called failed.</summary>
    public TimeSpan Problem => Timeouts.Problem;
}
