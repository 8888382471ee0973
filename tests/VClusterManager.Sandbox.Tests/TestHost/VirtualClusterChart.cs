using System.Text.Json.Nodes;

namespace VClusterManager.Sandbox.Tests.TestHost;

/// <summary>Lays a virtual cluster onto a host as the chart does, in what matters here.</summary>
internal static class VirtualClusterChart
{
    public static async Task InstallAsync(this SandboxHost sandbox, string ns, string name, string tag = "v1.35.0")
    {
        await sandbox.CreateNamespaceAsync(ns);
        await sandbox.Admin.PostJsonAsync(
            $"/api/v1/namespaces/{ns}/serviceaccounts",
            Json(new JsonObject { ["metadata"] = Metadata($"vc-{name}", name) })
        );
        await sandbox.Admin.PostJsonAsync($"/api/v1/namespaces/{ns}/services", Json(Service(name)));
        await sandbox.Admin.PostJsonAsync($"/apis/apps/v1/namespaces/{ns}/statefulsets", Json(StatefulSet(name, tag)));
    }

    /// <summary>Waits until it is ready and has its kubeconfig, and returns that.</summary>
    public static async Task<string> KubeconfigAsync(this SandboxHost sandbox, string ns, string name)
    {
        await SandboxHost.EventuallyAsync(
            sandbox.Admin,
            $"/apis/apps/v1/namespaces/{ns}/statefulsets/{name}",
            set => set.Text("status", "readyReplicas") == "1"
        );
        var secret = await SandboxHost.EventuallyAsync(
            sandbox.Admin,
            $"/api/v1/namespaces/{ns}/secrets/vc-{name}",
            secret => secret.Text("data", "config") is not null
        );
        return System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(secret.Text("data", "config")!));
    }

    public static Task<JsonObject> ScaleAsync(this SandboxHost sandbox, string ns, string name, int replicas) =>
        sandbox.Admin.MergeAsync(
            $"/apis/apps/v1/namespaces/{ns}/statefulsets/{name}",
            Json(new JsonObject { ["spec"] = new JsonObject { ["replicas"] = replicas } })
        );

    public static Task<JsonObject> UpgradeAsync(this SandboxHost sandbox, string ns, string name, string tag) =>
        sandbox.Admin.PatchAsync(
            $"/apis/apps/v1/namespaces/{ns}/statefulsets/{name}",
            Json(
                new JsonObject
                {
                    ["spec"] = new JsonObject
                    {
                        ["template"] = new JsonObject
                        {
                            ["spec"] = new JsonObject { ["initContainers"] = new JsonArray(Init(tag)) },
                        },
                    },
                }
            ),
            "application/strategic-merge-patch+json"
        );

    private static JsonObject StatefulSet(string name, string tag) =>
        new()
        {
            ["metadata"] = Metadata(name, name),
            ["spec"] = new JsonObject
            {
                ["serviceName"] = $"{name}-headless",
                ["podManagementPolicy"] = "Parallel",
                ["selector"] = new JsonObject { ["matchLabels"] = Labels(name) },
                ["template"] = new JsonObject
                {
                    ["metadata"] = new JsonObject { ["labels"] = Labels(name) },
                    ["spec"] = new JsonObject
                    {
                        ["serviceAccountName"] = $"vc-{name}",
                        ["terminationGracePeriodSeconds"] = 15,
                        ["initContainers"] = new JsonArray(Init(tag)),
                        ["containers"] = new JsonArray(Syncer()),
                    },
                },
                ["volumeClaimTemplates"] = new JsonArray(Claim()),
            },
        };

    private static JsonObject Claim() =>
        new()
        {
            ["metadata"] = new JsonObject { ["name"] = "data" },
            ["spec"] = new JsonObject
            {
                ["accessModes"] = new JsonArray("ReadWriteOnce"),
                ["resources"] = new JsonObject { ["requests"] = new JsonObject { ["storage"] = "5Gi" } },
            },
        };

    private static JsonObject Init(string tag) =>
        new() { ["name"] = "kubernetes", ["image"] = $"ghcr.io/loft-sh/kubernetes:{tag}" };

    private static JsonObject Syncer() =>
        new() { ["name"] = "syncer", ["image"] = "ghcr.io/loft-sh/vcluster-pro:0.34.7" };

    private static JsonObject Service(string name) =>
        new()
        {
            ["metadata"] = Metadata(name, name),
            ["spec"] = new JsonObject
            {
                ["selector"] = Labels(name),
                ["ports"] = new JsonArray(
                    new JsonObject
                    {
                        ["name"] = "https",
                        ["port"] = 443,
                        ["targetPort"] = 8443,
                    }
                ),
            },
        };

    private static JsonObject Labels(string name) => new() { ["app"] = "vcluster", ["release"] = name };

    private static JsonObject Metadata(string name, string release) =>
        new() { ["name"] = name, ["labels"] = Labels(release) };

    private static string Json(JsonObject json) => json.ToJsonString();
}
