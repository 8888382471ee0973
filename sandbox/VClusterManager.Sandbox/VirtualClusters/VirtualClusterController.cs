using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Controllers.Loop;
using VClusterManager.Sandbox.Controllers.Pods;
using VClusterManager.Sandbox.Controllers.Workloads;
using VClusterManager.Sandbox.Faults;
using VClusterManager.Sandbox.Json;
using VClusterManager.Sandbox.Registry;
using VClusterManager.Sandbox.Resources;
using VClusterManager.Sandbox.Store;

namespace VClusterManager.Sandbox.VirtualClusters;

/// <summary>
/// Plays what runs inside a control plane's pod. As the pod's containers start, the certificates are written; a moment
/// later the kubeconfig; when the pod is ready the virtual cluster's port opens. Without a running pod it is closed.
/// The cluster's state lives as long as the workload or its volume does.
/// </summary>
internal sealed class VirtualClusterController(ControllerContext context, Fleet fleet) : IController
{
    private static readonly WriteOptions Syncer = new("vcluster");

    public void Observe(ResourceDefinition resource, Change change, WorkQueue queue)
    {
        if (
            resource == ResourceCatalog.StatefulSets
            || resource == ResourceCatalog.Deployments
            || resource == ResourceCatalog.Pods
            || resource == ResourceCatalog.Claims
            || resource == ResourceCatalog.Secrets
            || resource == ResourceCatalog.Services
        )
        {
            var name = Owners.VirtualClusterOf(change.Object);
            if (name.Length > 0)
            {
                queue.Add(new WorkItem(this, change.Object.Namespace, name));
            }
        }
    }

    public void Reconcile(string ns, string name, WorkQueue queue)
    {
        var target = new ClusterTarget(ns, name);
        var workload = FindWorkload(ns, name);
        var claim = context.Store.Find(ResourceCatalog.Claims, ns, $"data-{name}-0");
        if (workload is null)
        {
            if (claim is null)
            {
                fleet.Remove(target);
            }
            else
            {
                fleet.Find(target)?.Halt();
            }

            return;
        }

        var cluster = fleet.Ensure(target, claim?.Uid ?? workload.Uid);
        if (RunningPod(ns, name) is not { } pod)
        {
            cluster.Halt();
            return;
        }

        WriteSecrets(cluster, pod, queue);
        if (pod.IsReady())
        {
            cluster.Run(VersionOf(pod));
        }
        else
        {
            cluster.Halt();
        }
    }

    private StoredObject? FindWorkload(string ns, string name) =>
        new[] { ResourceCatalog.StatefulSets, ResourceCatalog.Deployments }
            .Select(resource => context.Store.Find(resource, ns, name))
            .FirstOrDefault(workload => workload is not null && Owners.VirtualClusterOf(workload) == name);

    private StoredObject? RunningPod(string ns, string name) =>
        context
            .Store.List(ResourceCatalog.Pods, ns)
            .Objects.FirstOrDefault(pod =>
                !pod.Deleting
                && pod.Labels.Text("app") == "vcluster"
                && pod.Labels.Text("release") == name
                && pod.Json.Objects("status", "containerStatuses")
                    .Any(status => status.Object("state", "running") is not null)
            );

    private void WriteSecrets(VirtualCluster cluster, StoredObject pod, WorkQueue queue)
    {
        var (ns, name) = (cluster.Target.Namespace, cluster.Target.Name);
        if (context.Store.Find(ResourceCatalog.Services, ns, name) is not { Deleting: false } service)
        {
            return;
        }

        Ensure(SyncerSecrets.CertificatesName(name), ns, () => SyncerSecrets.Certificates(cluster, service));
        var due = WaitUntilKubeconfig(pod);
        if (due > TimeSpan.Zero && !pod.IsReady())
        {
            queue.AddAfter(new WorkItem(this, ns, name), due);
            return;
        }

        var known = context.Store.Find(ResourceCatalog.Secrets, ns, SyncerSecrets.KubeconfigName(name));
        if (known is not null && SyncerSecrets.IsFor(known, cluster))
        {
            return;
        }

        var wanted = SyncerSecrets.Kubeconfig(cluster, service, ConfigOf(ns, name));
        if (known is null)
        {
            context.Registry.Create(ResourceCatalog.Secrets, ns, wanted, Syncer);
        }
        else if (!known.Deleting)
        {
            // In place, as the syncer does: it is never away.
            context.Registry.Update(ResourceCatalog.Secrets, ns, known.Name, json => Renew(json, wanted), Syncer);
        }
    }

    private static JsonObject Renew(JsonObject secret, JsonObject wanted)
    {
        secret["data"] = wanted["data"]!.DeepClone();
        secret.Ensure("metadata")["ownerReferences"] = wanted["metadata"]!["ownerReferences"]!.DeepClone();
        return secret;
    }

    private TimeSpan WaitUntilKubeconfig(StoredObject pod)
    {
        var started = Timestamps.Parse(pod.Json.Text("status", "startTime")) ?? context.Now;
        return started + context.Pace.KubeconfigWritten - context.Now;
    }

    private void Ensure(string name, string ns, Func<JsonObject> make)
    {
        if (context.Store.Find(ResourceCatalog.Secrets, ns, name) is null)
        {
            context.Registry.Create(ResourceCatalog.Secrets, ns, make(), Syncer);
        }
    }

    /// <summary>The vcluster.yaml that the chart put into a Secret.</summary>
    private JsonObject? ConfigOf(string ns, string name)
    {
        var secret = context.Store.Find(ResourceCatalog.Secrets, ns, $"vc-config-{name}");
        return secret?.Json.Text("data", "config.yaml") is { } encoded
            ? YamlText.Parse(System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(encoded))) as JsonObject
            : null;
    }

    private static ClusterVersion VersionOf(StoredObject pod) =>
        pod.Json.Objects("spec", "initContainers")
            .Select(container => container.Text("image") ?? "")
            .Where(image => image.StartsWith(Images.ControlPlane + ":", StringComparison.Ordinal))
            .Select(Images.VersionOf)
            .FirstOrDefault(version => version is not null)
        ?? ClusterVersion.Host;
}
