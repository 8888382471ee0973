using System.Text.Json.Nodes;
using VCluster.StandIn.Faults;
using VCluster.StandIn.Helm;
using VCluster.StandIn.Kubernetes;
using VCluster.StandIn.Values;

namespace VCluster.StandIn.Verbs;

/// <summary>
/// <c>vcluster create</c>: the namespace, then everything that can be wrong with the values, then helm. The namespace
/// stays when anything behind it fails.
/// </summary>
internal sealed class CreateVerb(VClusterCall call, FaultPlan plan)
{
    private const string PlatformService = "loft";

    private bool Upgrades => call.Arguments.IsSet("upgrade");

    public async Task RunAsync()
    {
        CheckFlags();
        var helm = new HelmTool(call, plan);
        await helm.CheckAsync();
        using var client = call.Finder().Connect(call.Context);
        await CheckOthersAsync(client);
        var @namespace = await new HostNamespace(call, client).EnsureAsync();
        plan.AtNamespace();
        var release = await FindReleaseAsync(client, @namespace);
        await CheckPlatformAsync(client, @namespace);
        var deployed = release?.Status == "deployed";
        if (deployed && !Upgrades)
        {
            await SayThatItExistsAsync(@namespace);
            return;
        }

        using var files = new TemporaryFiles();
        var values = new GivenValues(call, files);
        values.Check();
        if (deployed)
        {
            ConfigRules.CheckChange(await ReadConfigAsync(client, @namespace), values.Merged);
        }

        CheckPaidFeatures(values.Merged);
        await new ChartDeployment(call, helm, files).RunAsync(@namespace, values);
        await FinishAsync(@namespace, deployed ? "upgraded" : "created");
    }

    private void CheckFlags()
    {
        if (call.Arguments.PlatformFlag is { } flag)
        {
            throw new VerbException($"--{flag} can only be used with the platform driver");
        }

        if (call.Arguments.Text("restore").Length > 0)
        {
            throw new VerbException("snapshots are not part of the stand-in");
        }
    }

    private async Task CheckOthersAsync(KubeClient client)
    {
        var others = await call.Finder().ListAsync(client, "", call.Namespace);
        if (others.Any(other => other.Namespace == call.Namespace && other.Name != call.Name))
        {
            throw new VerbException(
                $"there is already a virtual cluster in namespace {call.Namespace}; "
                    + "creating multiple virtual clusters inside the same namespace is not supported"
            );
        }
    }

    private async Task<HelmRelease?> FindReleaseAsync(KubeClient client, string @namespace)
    {
        try
        {
            var secrets = await client.ListAsync(Kinds.Secrets.Collection(@namespace), $"name={call.Name},owner=helm");
            return secrets
                .Select(HelmRelease.FromSecret)
                .OfType<HelmRelease>()
                .Where(release => release.Status is not ("superseded" or "uninstalled"))
                .MaxBy(release => release.Revision);
        }
        catch (KubeException exception)
        {
            throw new VerbException("get current helm release: " + exception.Message);
        }
    }

    private static async Task CheckPlatformAsync(KubeClient client, string @namespace)
    {
        try
        {
            if (await client.FindAsync(Kinds.Services.Item(@namespace, PlatformService)) is not null)
            {
                throw new VerbException(
                    $"a vCluster platform installation exists in the namespace '{@namespace}'. Aborting install"
                );
            }
        }
        catch (KubeException exception)
        {
            throw new VerbException("get platform service: " + exception.Message);
        }
    }

    private async Task SayThatItExistsAsync(string @namespace)
    {
        var name = call.Name;
        if (!call.Arguments.IsSet("connect"))
        {
            throw new VerbException(
                $"vcluster {name} already exists in namespace {@namespace}\n"
                    + $"- Use `vcluster create {name} -n {@namespace} --upgrade` to upgrade the vcluster\n"
                    + $"- Use `vcluster connect {name} -n {@namespace}` to access the vcluster"
            );
        }

        await new ConnectVerb(call).RunAsync(@namespace, prints: false);
    }

    private async Task<JsonObject> ReadConfigAsync(KubeClient client, string @namespace)
    {
        var name = "vc-config-" + call.Name;
        if (await client.FindAsync(Kinds.Secrets.Item(@namespace, name)) is { } secret)
        {
            return StoredConfig.Read(secret);
        }

        call.Log.Warn($"Secret {name} not found, returning empty vCluster config");
        return [];
    }

    private void CheckPaidFeatures(JsonObject values)
    {
        if (!call.Arguments.IsSet("add"))
        {
            return;
        }

        if (ConfigRules.UsesPaidFeature(values))
        {
            throw new VerbException(
                $"you have vCluster pro features enabled, but seems like you are not logged in ({VClusterCall.NotLoggedIn}). "
                    + "Please make sure to log into vCluster Platform to use vCluster pro features or run this command with --add=false"
            );
        }

        call.Log.Debug("create platform client: " + VClusterCall.NotLoggedIn);
    }

    private async Task FinishAsync(string @namespace, string verb)
    {
        var name = call.Name;
        if (call.Arguments.IsSet("connect") || call.Arguments.IsSet("print"))
        {
            call.Log.Done($"Successfully {verb} virtual cluster {name} in namespace {@namespace}");
            await new ConnectVerb(call).RunAsync(@namespace, call.Arguments.IsSet("print"));
            return;
        }

        call.Log.Done(
            $"Successfully {verb} virtual cluster {name} in namespace {@namespace}. \n"
                + $"- Use 'vcluster connect {name} --namespace {@namespace}' to access the virtual cluster\n"
                + $"- Use `vcluster connect {name} --namespace {@namespace} -- kubectl get ns` to run a command directly within the vcluster"
        );
    }
}
