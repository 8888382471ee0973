using VCluster.StandIn.Finding;
using VCluster.StandIn.Kubernetes;
using VCluster.StandIn.Terminal;

namespace VCluster.StandIn.Verbs;

/// <summary>
/// <c>vcluster connect</c>: waits for the cluster's kubeconfig, then prints it, puts it in force or runs a command with it.
/// Where the real one would forward a port through the API server, this one ends as the real one does when that is refused.
/// </summary>
internal sealed class ConnectVerb(VClusterCall call)
{
    private const string NoPortForward = "error starting port forwarding: error upgrading connection: ";

    /// <summary>Whether it is create that connects; its command line has no <c>--server</c>.</summary>
    private bool FromCreate => !call.Arguments.Knows("server");

    public Task RunAsync() =>
        call.Arguments.Text("service-account").Length > 0
            ? throw new VerbException("tokens of service accounts are not part of the stand-in")
            : RunAsync(call.Namespace, call.Arguments.IsSet("print"));

    /// <param name="namespace">Where to look for it; empty for everywhere.</param>
    /// <param name="prints">Whether the kubeconfig is printed. When connect itself is the verb, stdout is then for it alone.</param>
    public async Task RunAsync(string @namespace, bool prints)
    {
        var log = prints && !FromCreate ? call.Log.ProblemsOnly() : call.Log;
        var finder = call.Finder(log);
        using var client = finder.Connect(call.Context);
        var cluster = await finder.GetAsync(client, call.Name, @namespace);
        await WakeAsync(client, cluster, log);
        var access = await new ClusterAccess(call, client, log).WaitAsync(cluster);
        var tenant = new TenantKubeConfig(call, cluster.OwnContext, access);
        if (!FromCreate && call.Arguments.IsSet("insecure"))
        {
            tenant.SkipVerification();
        }

        var reached = tenant.Reach(
            FromCreate ? "" : call.Arguments.Text("server"),
            FromCreate ? 0 : call.Arguments.Number("local-port")
        );
        if (prints)
        {
            log.Data(tenant.Text);
        }

        if (!reached)
        {
            throw new VerbException(
                prints
                    ? NoPortForward
                    : $"failed connecting to vcluster, verify connection arguments: wait for vcluster to become ready: {NoPortForward} "
            );
        }

        if (!prints)
        {
            await UseAsync(tenant, log);
        }
    }

    private async Task WakeAsync(KubeClient client, VirtualCluster cluster, Log log)
    {
        var (name, @namespace) = (cluster.Name, cluster.Namespace);
        if (cluster.Status == VirtualCluster.ScaledDown)
        {
            throw new VerbException(
                $"tenant cluster control plane {@namespace}/{name} is scaled down to zero replicas, run 'vcluster pause {name} -n "
                    + $"{@namespace} && vcluster resume {name} -n {@namespace}' first"
            );
        }

        if (cluster.Status == VirtualCluster.Paused)
        {
            log.Info($"Resume vcluster {name}...");
            await new Scaling(call, client, cluster).UpAsync();
        }
    }

    private async Task UseAsync(TenantKubeConfig tenant, Log log)
    {
        await tenant.WaitUntilReadyAsync();
        if (call.Arguments.DashAt >= 0)
        {
            await tenant.RunAsync(call.Arguments.Names[call.Arguments.DashAt..]);
            return;
        }

        tenant.PutInForce();
        log.Done($"Switched active kube context to {tenant.Name}");
        log.Plain("- Use `vcluster disconnect` to return to your previous kube context\n");
        log.Plain("- Use `kubectl get namespaces` to access the vcluster\n");
    }
}
