using System.Text;
using k8s;
using k8s.Models;
using VClusterManager.Server.Clusters;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Storage;

namespace VClusterManager.Bench.Seeding;

/// <summary>
/// What the chart, Helm and the control plane leave on the host of a cluster that runs, as far as the server looks at
/// it: a namespace, a workload with its pod, a release and a kubeconfig.
/// </summary>
internal sealed class SeededHost(Kubernetes host, ManagerOptions options)
{
    public async Task MakeAsync(ClusterRow row)
    {
        await host.CoreV1.CreateNamespaceAsync(
            new V1Namespace
            {
                Metadata = new V1ObjectMeta
                {
                    Name = row.Namespace,
                    Labels = ClusterStamps.Labels(options.Server.Instance),
                    Annotations = Annotations(row),
                },
            }
        );
        await host.CoreV1.CreateNamespacedSecretAsync(Release(row), row.Namespace);
        await host.CoreV1.CreateNamespacedSecretAsync(Kubeconfig(row), row.Namespace);
        await host.AppsV1.CreateNamespacedStatefulSetAsync(Workload(row), row.Namespace);
    }

    private V1StatefulSet Workload(ClusterRow row) =>
        new()
        {
            Metadata = new V1ObjectMeta
            {
                Name = row.Name,
                Labels = new Dictionary<string, string>(Marks(row))
                {
                    ["chart"] = "vcluster-0.34.7",
                    ["heritage"] = "Helm",
                    [ClusterStamps.ManagedByLabel] = "Helm",
                    [ClusterStamps.InstanceLabel] = options.Server.Instance,
                },
                Annotations = Annotations(row),
            },
            Spec = new V1StatefulSetSpec
            {
                Replicas = 1,
                ServiceName = $"{row.Name}-headless",
                Selector = new V1LabelSelector { MatchLabels = Marks(row) },
                Template = new V1PodTemplateSpec
                {
                    Metadata = new V1ObjectMeta { Labels = Marks(row) },
                    Spec = new V1PodSpec
                    {
                        Containers =
                        [
                            new V1Container { Name = "syncer", Image = "ghcr.io/loft-sh/vcluster-pro:0.34.7" },
                        ],
                    },
                },
            },
        };

    private static V1Secret Release(ClusterRow row) =>
        new()
        {
            Metadata = new V1ObjectMeta
            {
                Name = $"sh.helm.release.v1.{row.Name}.v1",
                Labels = new Dictionary<string, string>
                {
                    ["owner"] = "helm",
                    ["name"] = row.Name,
                    ["status"] = "deployed",
                    ["version"] = "1",
                    ["modifiedAt"] = $"{row.CreatedAt.ToUnixTimeSeconds()}",
                },
            },
            Type = "helm.sh/release.v1",
        };

    private static V1Secret Kubeconfig(ClusterRow row) =>
        new()
        {
            Metadata = new V1ObjectMeta
            {
                Name = $"vc-{row.Name}",
                Labels = new Dictionary<string, string> { ["app"] = "vcluster", ["vcluster-name"] = row.Name },
            },
            Data = new Dictionary<string, byte[]> { ["config"] = Encoding.UTF8.GetBytes($"server: {row.Endpoint}\n") },
        };

    private static Dictionary<string, string> Marks(ClusterRow row) =>
        new() { ["app"] = "vcluster", ["release"] = row.Name };

    private static Dictionary<string, string> Annotations(ClusterRow row)
    {
        var annotations = ClusterStamps.Identity(row);
        foreach (var (name, value) in ClusterStamps.Changeable(row).Where(mark => mark.Value is not null))
        {
            annotations[name] = value!;
        }

        return annotations;
    }
}
