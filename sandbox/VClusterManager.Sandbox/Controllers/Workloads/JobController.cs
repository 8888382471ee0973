using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Controllers.Loop;
using VClusterManager.Sandbox.Json;
using VClusterManager.Sandbox.Registry;
using VClusterManager.Sandbox.Resources;
using VClusterManager.Sandbox.Store;

namespace VClusterManager.Sandbox.Controllers.Workloads;

/// <summary>
/// Runs the pods of Jobs, as many at once as asked for, until enough have ended well or too many have not. A pod that
/// failed is followed by the next at once: the real pauses between them would only make people wait.
/// </summary>
internal sealed class JobController(ControllerContext context) : IController
{
    private const string Component = "job-controller";
    private const string LimitReason = "BackoffLimitExceeded";
    private const string LimitMessage = "Job has reached the specified backoff limit";
    private const int DefaultBackoffLimit = 6;

    private static readonly ResourceDefinition Jobs = ResourceCatalog.Find("batch", "v1", "jobs")!;

    public void Observe(ResourceDefinition resource, Change change, WorkQueue queue) =>
        queue.AddOwner(this, Jobs, ResourceCatalog.Pods, resource, change);

    public void Reconcile(string ns, string name, WorkQueue queue)
    {
        if (context.Store.Find(Jobs, ns, name) is not { Deleting: false } job)
        {
            return;
        }

        var counts = Count(job);
        if (!job.Json.Flag("spec", "suspend") && !counts.HasFailed)
        {
            var parallel = (int)(job.Json.Number("spec", "parallelism") ?? 1);
            var missing = Math.Min(parallel, counts.Wanted - counts.Succeeded) - counts.Active;
            for (var i = 0; i < missing; i++)
            {
                Create(job);
            }

            counts = counts with { Active = counts.Active + Math.Max(0, missing) };
        }

        context.Registry.WriteStatus(Jobs, job, StatusOf(job, counts));
    }

    private Counts Count(StoredObject job)
    {
        var pods = context
            .Store.List(ResourceCatalog.Pods, job.Namespace)
            .Objects.Where(pod => pod.IsControlledBy(job));
        var phases = pods.Select(pod => (Over: pod.IsOver() || pod.Deleting, Phase: pod.Json.Text("status", "phase")))
            .ToList();
        return new Counts(
            Wanted: (int)(job.Json.Number("spec", "completions") ?? 1),
            Active: phases.Count(pod => !pod.Over),
            Succeeded: phases.Count(pod => pod.Phase == "Succeeded"),
            Failed: phases.Count(pod => pod.Phase == "Failed"),
            Limit: (int)(job.Json.Number("spec", "backoffLimit") ?? DefaultBackoffLimit)
        );
    }

    private void Create(StoredObject job)
    {
        var pod = PodTemplates.PodOf(job);
        pod.Ensure("metadata")["generateName"] = $"{job.Name}-";
        var created = context.Registry.Create(ResourceCatalog.Pods, job.Namespace, pod, WriteOptions.ControllerManager);
        context.Events.Normal(job, Component, "SuccessfulCreate", $"Created pod: {created.Name}");
    }

    private JsonObject StatusOf(StoredObject job, Counts counts)
    {
        var now = Timestamps.Format(context.Now);
        var status = new JsonObject
        {
            ["startTime"] = job.Json.Text("status", "startTime") ?? now,
            ["active"] = counts.Active,
            ["succeeded"] = counts.Succeeded,
            ["failed"] = counts.Failed,
            ["ready"] = counts.Active,
            ["terminating"] = 0,
        };
        if (counts.HasFailed)
        {
            Announce(job, "Failed", () => context.Events.Warning(job, Component, LimitReason, LimitMessage));
            status["conditions"] = Conditions(job, now, ["FailureTarget", "Failed"], LimitReason, LimitMessage);
        }
        else if (counts.Succeeded >= counts.Wanted)
        {
            Announce(job, "Complete", () => context.Events.Normal(job, Component, "Completed", "Job completed"));
            status["completionTime"] = job.Json.Text("status", "completionTime") ?? now;
            status["conditions"] = Conditions(
                job,
                now,
                ["SuccessCriteriaMet", "Complete"],
                "CompletionsReached",
                "Reached expected number of succeeded pods"
            );
        }

        return status;
    }

    /// <summary>Tells the end of a job once.</summary>
    private static void Announce(StoredObject job, string condition, Action tell)
    {
        if (job.Json.Objects("status", "conditions").All(one => one.Text("type") != condition))
        {
            tell();
        }
    }

    private static JsonArray Conditions(StoredObject job, string now, string[] types, string reason, string message)
    {
        var since = job.Json.Objects("status", "conditions").FirstOrDefault().Text("lastTransitionTime") ?? now;
        return
        [
            .. types.Select(type => new JsonObject
            {
                ["type"] = type,
                ["status"] = "True",
                ["lastProbeTime"] = since,
                ["lastTransitionTime"] = since,
                ["reason"] = reason,
                ["message"] = message,
            }),
        ];
    }

    /// <summary>How the pods of a job stand.</summary>
    private sealed record Counts(int Wanted, int Active, int Succeeded, int Failed, int Limit)
    {
        public bool HasFailed => Failed > Limit;
    }
}
