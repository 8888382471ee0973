using VCluster.StandIn.Faults;
using VCluster.StandIn.Finding;
using VCluster.StandIn.Kubernetes;

namespace VCluster.StandIn.Verbs;

/// <summary>
/// <c>vcluster delete</c>: the release through helm, then what helm does not know of, then the namespace if the CLI made
/// it or is told to.
/// </summary>
internal sealed class DeleteVerb(VClusterCall call, FaultPlan plan)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private bool _deletesNamespace = call.Arguments.IsSet("delete-namespace");

    public async Task RunAsync()
    {
        using var client = call.Finder().Connect(call.Context);
        VirtualCluster cluster;
        try
        {
            cluster = await call.Finder().GetAsync(client, call.Name, call.Namespace);
        }
        catch (ClusterNotFoundException) when (call.Arguments.IsSet("ignore-not-found"))
        {
            return;
        }

        RemoveContext(cluster);
        var helm = new HelmTool(call, plan);
        await helm.CheckAsync();
        await LookAtNamespaceAsync(client, cluster.Namespace);
        await DeleteReleaseAsync(helm, cluster);
        await new Leftovers(call, client, cluster).DeleteAsync(keepsClaims: _deletesNamespace);
        await DeleteNamespaceAsync(client, cluster);
    }

    private void RemoveContext(VirtualCluster cluster)
    {
        if (call.Arguments.IsSet("delete-context"))
        {
            KubeContexts.Remove(call.KubeConfig, cluster.OwnContext, cluster.Context);
        }
    }

    private async Task LookAtNamespaceAsync(KubeClient client, string @namespace)
    {
        if (!call.Arguments.IsSet("auto-delete-namespace"))
        {
            return;
        }

        try
        {
            var found = await client.GetAsync(Kinds.Namespaces.Item("", @namespace));
            _deletesNamespace |=
                found["metadata"]?["annotations"]?[HostNamespace.CreatedByUs]?.GetValue<string>() == "true";
        }
        catch (KubeException exception)
        {
            call.Log.Debug("Error retrieving vcluster namespace: " + exception.Message);
        }
    }

    private async Task DeleteReleaseAsync(HelmTool helm, VirtualCluster cluster)
    {
        using var files = new TemporaryFiles();
        var (name, @namespace) = (cluster.Name, cluster.Namespace);
        var kubeConfig = files.Write(call.KubeConfig.Text(cluster.Context));
        string[] get = ["get", "values", name, "--namespace", @namespace, "--kubeconfig", kubeConfig, "--all"];
        call.Log.Debug("Get helm chart values with helm " + string.Join(' ', get));
        if ((await helm.RunAsync(get)) is { ExitCode: not 0 } missing)
        {
            throw new VerbException(
                missing.Output.Contains("release: not found", StringComparison.Ordinal)
                    ? $"release '{name}' not found in namespace '{@namespace}'"
                    : "error executing helm get values: " + missing.Output
            );
        }

        call.Log.Info($"Delete vcluster {name}...");
        kubeConfig = files.Write(call.KubeConfig.Text(cluster.Context));
        string[] delete =
        [
            "delete",
            name,
            "--namespace",
            @namespace,
            "--kubeconfig",
            kubeConfig,
            "--repository-config=''",
        ];
        call.Log.Debug("Delete helm chart with helm " + string.Join(' ', delete));
        if ((await helm.RunAsync(delete)) is { ExitCode: not 0 } failed)
        {
            throw new VerbException("error executing helm delete: " + failed.Output);
        }

        call.Log.Done($"Successfully deleted virtual cluster {name} in namespace {@namespace}");
    }

    private async Task DeleteNamespaceAsync(KubeClient client, VirtualCluster cluster)
    {
        var @namespace = cluster.Namespace;
        var others = await call.Finder().ListAsync(client, "", @namespace);
        if (!_deletesNamespace || others.Count > 0)
        {
            return;
        }

        if (await Leftovers.DeleteIfThereAsync(client, Kinds.Namespaces, "", @namespace))
        {
            call.Log.Done($"Successfully deleted virtual cluster namespace {@namespace}");
        }

        if (call.Arguments.IsSet("wait"))
        {
            call.Log.Info("Waiting for virtual cluster to be deleted...");
            await WaitUntilUnreadableAsync(client, @namespace);
            call.Log.Done("Virtual Cluster is deleted");
        }
    }

    /// <summary>Waits without end, and takes any failure to read for "gone": so does the real one.</summary>
    private async Task WaitUntilUnreadableAsync(KubeClient client, string @namespace)
    {
        try
        {
            while (true)
            {
                await client.GetAsync(Kinds.Namespaces.Item("", @namespace));
                await Task.Delay(Pause, call.Clock, CancellationToken.None);
            }
        }
        catch (KubeException)
        {
            // See above.
        }
    }
}
