using k8s;
using k8s.Models;
using VClusterManager.Bench.Measuring;
using VClusterManager.Server.Clusters;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Kubernetes;
using VClusterManager.Server.Storage;
using VClusterManager.Server.VCluster;

namespace VClusterManager.Bench.World;

/// <summary>A create as a script would do it: the manager's own call of the CLI, and then looking until it is ready.</summary>
internal sealed class BareCreate(Sandbox sandbox, ManagerOptions options, string folder)
{
    private const double LookInterval = 20;

    public async Task RunAsync(string name)
    {
        var row = Row(name);
        var home = Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
        var values = Prepare(home, row);
        await sandbox.Host.CoreV1.CreateNamespaceAsync(
            new V1Namespace
            {
                Metadata = new V1ObjectMeta
                {
                    Name = row.Namespace,
                    Labels = ClusterStamps.Labels(options.Server.Instance),
                    Annotations = ClusterStamps.Identity(row),
                },
            }
        );
        var arguments = CliArguments.Create(
            new NamespacedName(row.Namespace, name),
            values,
            upgrade: false,
            context: null
        );
        await using var cli = ProgramProcess.Start(sandbox.State.VCluster, arguments, home, Environment(home));
        if (await cli.EndAsync() != 0)
        {
            throw new BenchException($"vcluster {string.Join(' ', arguments)} failed:\n{cli.Output}");
        }

        await Clock.UntilAsync($"{name} is ready", LookInterval, () => IsReadyAsync(row));
    }

    private string Prepare(string home, ClusterRow row)
    {
        // As the manager does: without it the CLI calls home with its arguments.
        var settings = Directory.CreateDirectory(Path.Combine(home, ".vcluster")).FullName;
        File.WriteAllText(Path.Combine(settings, "config.json"), """{"telemetryDisabled":true}""");
        var values = Path.Combine(home, "values.yaml");
        File.WriteAllText(values, RenderedValues.Of(row, options));
        return values;
    }

    private Dictionary<string, string> Environment(string home) =>
        new(VClusterHome.Environment)
        {
            ["HOME"] = home,
            ["TMPDIR"] = home,
            ["KUBECONFIG"] = sandbox.State.Kubeconfig,
            ["PATH"] =
                $"{Path.GetDirectoryName(sandbox.State.Helm)}:{System.Environment.GetEnvironmentVariable("PATH")}",
        };

    private async Task<bool> IsReadyAsync(ClusterRow row)
    {
        var sets = await sandbox.Host.AppsV1.ListNamespacedStatefulSetAsync(row.Namespace);
        if (!sets.Items.Any(set => set.Name() == row.Name && set.Status?.ReadyReplicas >= 1))
        {
            return false;
        }

        var secrets = await sandbox.Host.CoreV1.ListNamespacedSecretAsync(
            row.Namespace,
            fieldSelector: $"metadata.name=vc-{row.Name}"
        );
        return secrets.Items.Count == 1;
    }

    private static ClusterRow Row(string name)
    {
        var now = TimeProvider.System.GetUtcNow();
        return new ClusterRow
        {
            Id = Guid.NewGuid(),
            Name = name,
            Namespace = $"vcluster-{name}",
            KubernetesVersion = "1.35",
            KubernetesImageTag = "v1.35.0",
            CreatedBy = "bench",
            Source = "api",
            CreatedAt = now,
            UpdatedAt = now,
        };
    }
}
