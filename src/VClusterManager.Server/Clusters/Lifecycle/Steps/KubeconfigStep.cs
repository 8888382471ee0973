using VClusterManager.Server.Kubernetes;
using VClusterManager.Server.Kubernetes.Reaching;

namespace VClusterManager.Server.Clusters.Lifecycle.Steps;

/// <summary>The control plane has written its kubeconfig into <c>vc-NAME</c>: only now can anybody get in.</summary>
internal sealed class KubeconfigStep(HostView view, HostReads reads, StepLimits limits) : IStep
{
    public string Name => "kubeconfig";

    public TimeSpan Limit => limits.Ready;

    public async Task<StepResult> RunAsync(StepContext context)
    {
        if (view.Find(context.Key).KubeconfigVersion is null)
        {
            return NotYet;
        }
        var answer = await reads.KubeconfigAsync(context.Key, context.Stop);
        if (answer is HostAnswer<string>.Unreadable unreadable)
        {
            return Unreadable.Result(unreadable.Reason, unreadable.Forbidden);
        }
        if (answer is not HostAnswer<string>.Found found)
        {
            return NotYet;
        }
        context.Findings.Endpoint = KubeconfigServer.Of(found.Value);
        return new StepResult.Done();
    }

    private static StepResult NotYet { get; } =
        new StepResult.Retry(TimeSpan.FromSeconds(5), "Its control plane has not written its kubeconfig yet.");
}
