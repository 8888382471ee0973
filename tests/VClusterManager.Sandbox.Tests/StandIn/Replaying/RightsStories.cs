using System.Text.Json.Nodes;
using VCluster.StandIn.Kubernetes;

namespace VClusterManager.Sandbox.Tests.StandIn.Replaying;

/// <summary>A user who is admin of one namespace and nothing else.</summary>
internal static class RightsStories
{
    private const string Namespace = "t-lim";

    public static IReadOnlyList<Story> All { get; } =
    [
        new(
            "The admin of a namespace",
            new Do(SetUpOperatorAsync),
            new Replay("91-ns-admin-list-all"),
            new Replay("91-ns-admin-create"),
            new Replay("91-ns-admin-create-newns"),
            new Replay("91-ns-admin-create-noclusterrole"),
            new Replay("91-ns-admin-create-noclusterrole-upgrade"),
            new Replay("91-ns-admin-list-ns"),
            new Replay("91-ns-admin-delete"),
            new Replay("92-ns-admin-create-nons-noclusterrole"),
            new Do(stage => stage.UntilPodAsync(Namespace, "lim", "Running")),
            new Replay("92-ns-admin-list-ns"),
            new Replay("92-ns-admin-describe"),
            new Replay("92-ns-admin-pause"),
            new Replay("92-ns-admin-resume"),
            new Replay("92-ns-admin-delete")
        ),
    ];

    private static async Task SetUpOperatorAsync(Stage stage)
    {
        await stage.CreateNamespaceAsync(Namespace);
        await stage.Client.CreateAsync(
            Kinds.Find("rbac.authorization.k8s.io/v1", "RoleBinding")!.Collection(Namespace),
            new JsonObject
            {
                ["apiVersion"] = "rbac.authorization.k8s.io/v1",
                ["kind"] = "RoleBinding",
                ["metadata"] = new JsonObject { ["name"] = "operator" },
                ["roleRef"] = new JsonObject
                {
                    ["apiGroup"] = "rbac.authorization.k8s.io",
                    ["kind"] = "ClusterRole",
                    ["name"] = "admin",
                },
                ["subjects"] = new JsonArray(
                    new JsonObject
                    {
                        ["apiGroup"] = "rbac.authorization.k8s.io",
                        ["kind"] = "User",
                        ["name"] = "operator",
                    }
                ),
            }
        );
        stage.WriteKubeConfig(stage.Host.Cluster.KubeconfigFor("operator", "operators"));
    }
}
