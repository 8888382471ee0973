using VClusterManager.Server.Configuration;
using VClusterManager.Server.Kubernetes;

namespace VClusterManager.Server.Clusters.Lifecycle.Steps;

/// <summary>
/// The namespace is there and may be used. We make it ourselves, before the CLI could, so that our mark is on it from
/// the first moment; one that is not ours is used only where its owner may.
/// </summary>
internal sealed class NamespaceStep(
    HostView view,
    HostReads reads,
    HostWrites writes,
    ManagerOptions options,
    StepLimits limits
) : IStep
{
    public string Name => "namespace";

    public TimeSpan Limit => limits.Gone;

    public async Task<StepResult> RunAsync(StepContext context)
    {
        if (view.Find(context.Key).Namespace is { Terminating: false } known && IsItsOwn(context, known))
        {
            return new StepResult.Done();
        }
        return await reads.NamespaceAsync(context.Row.Namespace, context.Stop) switch
        {
            HostAnswer<ObservedNamespace>.Found found => await UseAsync(context, found.Value),
            HostAnswer<ObservedNamespace>.Missing => await MakeAsync(context),
            HostAnswer<ObservedNamespace>.Unreadable unreadable => Unreadable.Result(
                unreadable.Reason,
                unreadable.Forbidden
            ),
            _ => throw new InvalidOperationException("An answer without a meaning."),
        };
    }

    private static bool IsItsOwn(StepContext context, ObservedNamespace found) =>
        ClusterStamps.BelongsTo(found.Annotations, context.Row.Id);

    private async Task<StepResult> UseAsync(StepContext context, ObservedNamespace found)
    {
        if (found.Terminating)
        {
            return new StepResult.Retry(
                TimeSpan.FromSeconds(1),
                $"Waits for the old namespace {found.Name} to be gone. {string.Join(" ", found.DeletionConditions)}".TrimEnd()
            );
        }
        if (IsItsOwn(context, found))
        {
            return new StepResult.Done();
        }
        if (!ClusterStamps.IsOurs(found.Labels, options.Server.Instance))
        {
            return context.Row.MayUseForeignNamespace
                ? new StepResult.Done()
                : new StepResult.Stalled(
                    $"The namespace {found.Name} exists and was not made by this manager: only admins may put a cluster into it."
                );
        }
        return context.Row.MayUseForeignNamespace || ClusterStamps.OwnerOf(found.Annotations) == context.Row.Owner
            ? await TakeOverAsync(context, found)
            : new StepResult.Stalled(
                $"The namespace {found.Name} holds what is left of somebody else's cluster: only its owner and admins may put a cluster into it."
            );
    }

    /// <summary>An earlier cluster of ours left it, with volumes that were to be kept: it is this one's now.</summary>
    private async Task<StepResult> TakeOverAsync(StepContext context, ObservedNamespace found)
    {
        context.Say($"Takes over the namespace {found.Name} from an earlier cluster.");
        var marks = ClusterStamps.Identity(context.Row).ToDictionary(mark => mark.Key, mark => (string?)mark.Value);
        foreach (var (name, value) in ClusterStamps.Changeable(context.Row))
        {
            marks[name] = value;
        }
        var none = new Dictionary<string, string?>();
        return Meaning(
            await writes.StampAsync(context.Key, workload: null, none, marks, context.Stop),
            "Taken over from an earlier cluster."
        );
    }

    private async Task<StepResult> MakeAsync(StepContext context)
    {
        var annotations = ClusterStamps.Identity(context.Row);
        foreach (var (name, value) in ClusterStamps.Changeable(context.Row).Where(a => a.Value is not null))
        {
            annotations[name] = value!;
        }
        context.Say($"Makes the namespace {context.Row.Namespace}.");
        var made = await writes.CreateNamespaceAsync(
            context.Row.Namespace,
            ClusterStamps.Labels(options.Server.Instance),
            annotations,
            context.Stop
        );
        return Meaning(made, "Made.");
    }

    private static StepResult Meaning(HostWrite write, string done) =>
        write switch
        {
            HostWrite.Done => new StepResult.Done(done),
            HostWrite.Refused refused => new StepResult.Stalled($"The host refuses the namespace: {refused.Reason}"),
            HostWrite.Unreachable away => Unreadable.Result(away.Reason),
            // Somebody was faster: look whose it is.
            _ => new StepResult.Retry(TimeSpan.Zero, "Looks at the namespace again."),
        };
}
