using System.Text.Json.Nodes;
using VCluster.StandIn.Kubernetes;

namespace VCluster.StandIn.Verbs;

/// <summary>The namespace that a cluster is made in. One that the CLI makes carries an annotation, by which delete knows that it may go.</summary>
internal sealed class HostNamespace(VClusterCall call, KubeClient client)
{
    public const string CreatedByUs = "vcluster.loft.sh/created";

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Its name, once it is there. It is made when it is missing, whatever <c>--create-namespace</c> says.</summary>
    public async Task<string> EnsureAsync()
    {
        var name =
            call.Namespace.Length > 0 ? call.Namespace
            : client.Endpoint.Namespace is not ("" or "default") ? client.Endpoint.Namespace
            : "vcluster-" + call.Name;
        try
        {
            var found = await client.FindAsync(Kinds.Namespaces.Item("", name));
            if (found is not null && found["metadata"]?["deletionTimestamp"] is null)
            {
                return name;
            }

            if (found is not null)
            {
                call.Log.Info("Waiting until namespace is terminated...");
                await WaitUntilGoneAsync(name);
            }
        }
        catch (KubeException exception) when (exception.IsForbidden)
        {
            // Who may not look may still be allowed to work in it.
            return name;
        }

        await CreateAsync(name);
        return name;
    }

    private async Task WaitUntilGoneAsync(string name)
    {
        var started = call.Clock.GetTimestamp();
        do
        {
            await Task.Delay(Pause, call.Clock, CancellationToken.None);
            var found = await client.FindAsync(Kinds.Namespaces.Item("", name));
            if (found is null || found["metadata"]?["deletionTimestamp"] is null)
            {
                return;
            }
        } while (call.Clock.GetElapsedTime(started) < Patience);

        throw new VerbException("context deadline exceeded");
    }

    private async Task CreateAsync(string name)
    {
        call.Log.Info($"Creating namespace {name}");
        try
        {
            await client.CreateAsync(
                Kinds.Namespaces.Collection(""),
                new JsonObject
                {
                    ["apiVersion"] = "v1",
                    ["kind"] = "Namespace",
                    ["metadata"] = new JsonObject
                    {
                        ["name"] = name,
                        ["annotations"] = new JsonObject { [CreatedByUs] = "true" },
                    },
                }
            );
        }
        catch (KubeException exception)
        {
            throw new VerbException("create namespace: " + exception.Message);
        }
    }
}
