using System.Text;
using System.Text.Json.Nodes;
using VCluster.StandIn.Kubernetes;

namespace VClusterManager.Sandbox.Tests.StandIn.Replaying;

/// <summary>
/// Getting in. As in the recordings, the "virtual" API server is the host's own and the cluster's Secret is made by hand,
/// with the address that only a forwarded port would lead to.
/// </summary>
internal static class ConnectStories
{
    public static IReadOnlyList<Story> All { get; } =
    [
        new(
            "Connected and disconnected",
            new Do(stage => stage.CreateClusterAsync("demo", "demo")),
            new Do(WriteSecretAsync),
            new Replay("50-connect-missing"),
            new Replay("51-connect-print-handmade-secret"),
            new Replay("51-connect-print-handmade-secret-server"),
            new Replay("51-connect-update-server")
            {
                Words = stage =>
                    ["vcluster", "connect", "demo", "-n", "demo", "--server", stage.Host.Url.ToString().TrimEnd('/')],
            },
            new Replay("51-list-while-connected"),
            new Replay("51-disconnect"),
            new Replay("51-disconnect-again"),
            new Replay("51-create-connect-default")
        ),
    ];

    private static async Task WriteSecretAsync(Stage stage)
    {
        const string name = "vc-demo";
        await Stage.UntilAsync(
            async () => await stage.FindAsync(Kinds.Secrets, "demo", name) is not null,
            "the Secret is there"
        );
        var config = stage.Host.Kubeconfig.Replace(
            stage.Host.Url.ToString().TrimEnd('/'),
            "https://localhost:8443",
            StringComparison.Ordinal
        );
        await stage.Client.PatchAsync(
            Kinds.Secrets.Item("demo", name),
            new JsonObject
            {
                ["data"] = new JsonObject { ["config"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(config)) },
            }
        );
    }
}
