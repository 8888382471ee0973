using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Json;

namespace VClusterManager.Sandbox.Registry;

/// <summary>What the API fills into workloads.</summary>
internal static class WorkloadDefaults
{
    public static void StatefulSet(JsonObject json)
    {
        var spec = json.Ensure("spec");
        PodDefaults.ApplyToTemplate(spec.Object("template"));
        spec.Default("replicas", 1);
        spec.Default("podManagementPolicy", "OrderedReady");
        spec.Default("revisionHistoryLimit", 10);
        var strategy = spec.Ensure("updateStrategy");
        strategy.Default("type", "RollingUpdate");
        if (strategy.Text("type") == "RollingUpdate")
        {
            strategy.Ensure("rollingUpdate").Default("partition", 0);
        }

        var retention = spec.Ensure("persistentVolumeClaimRetentionPolicy");
        retention.Default("whenDeleted", "Retain");
        retention.Default("whenScaled", "Retain");
        foreach (var claim in spec.Objects("volumeClaimTemplates"))
        {
            claim["apiVersion"] = "v1";
            claim["kind"] = "PersistentVolumeClaim";
            claim.Ensure("spec").Default("volumeMode", "Filesystem");
            claim.Ensure("status").Default("phase", "Pending");
        }
    }

    public static void Deployment(JsonObject json)
    {
        var spec = json.Ensure("spec");
        PodDefaults.ApplyToTemplate(spec.Object("template"));
        spec.Default("replicas", 1);
        spec.Default("revisionHistoryLimit", 10);
        spec.Default("progressDeadlineSeconds", 600);
        var strategy = spec.Ensure("strategy");
        strategy.Default("type", "RollingUpdate");
        if (strategy.Text("type") == "RollingUpdate")
        {
            var rolling = strategy.Ensure("rollingUpdate");
            rolling.Default("maxUnavailable", "25%");
            rolling.Default("maxSurge", "25%");
        }
    }

    public static void ReplicaSet(JsonObject json)
    {
        var spec = json.Ensure("spec");
        PodDefaults.ApplyToTemplate(spec.Object("template"));
        spec.Default("replicas", 1);
    }

    public static void DaemonSet(JsonObject json)
    {
        var spec = json.Ensure("spec");
        PodDefaults.ApplyToTemplate(spec.Object("template"));
        spec.Default("revisionHistoryLimit", 10);
        var strategy = spec.Ensure("updateStrategy");
        strategy.Default("type", "RollingUpdate");
        if (strategy.Text("type") == "RollingUpdate")
        {
            var rolling = strategy.Ensure("rollingUpdate");
            rolling.Default("maxUnavailable", 1);
            rolling.Default("maxSurge", 0);
        }
    }

    public static void Job(JsonObject spec)
    {
        PodDefaults.ApplyToTemplate(spec.Object("template"));
        spec.Default("completions", 1);
        spec.Default("parallelism", 1);
        spec.Default("backoffLimit", 6);
        spec.Default("completionMode", "NonIndexed");
        spec.Default("suspend", false);
        spec.Default("manualSelector", false);
        spec.Default("podReplacementPolicy", "TerminatingOrFailed");
    }

    public static void CronJob(JsonObject json)
    {
        var spec = json.Ensure("spec");
        PodDefaults.ApplyToTemplate(spec.Object("jobTemplate", "spec", "template"));
        spec.Default("concurrencyPolicy", "Allow");
        spec.Default("suspend", false);
        spec.Default("successfulJobsHistoryLimit", 3);
        spec.Default("failedJobsHistoryLimit", 1);
    }
}
