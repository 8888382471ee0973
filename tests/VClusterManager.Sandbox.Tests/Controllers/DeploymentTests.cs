using VClusterManager.Sandbox.Tests.TestHost;

namespace VClusterManager.Sandbox.Tests.Controllers;

public sealed class DeploymentTests(SandboxHost sandbox) : IClassFixture<SandboxHost>
{
    [Fact]
    public async Task A_new_template_gets_its_own_ReplicaSet_and_the_old_one_is_taken_down()
    {
        const string path = "/apis/apps/v1/namespaces/deploy/deployments";
        await sandbox.CreateNamespaceAsync("deploy");
        await sandbox.Admin.PostJsonAsync(
            path,
            """{"metadata":{"name":"web"},"spec":{"replicas":2,"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i:1"}]}}}}"""
        );
        await SandboxHost.EventuallyAsync(
            sandbox.Admin,
            $"{path}/web",
            web => web.Text("status", "availableReplicas") == "2"
        );

        await sandbox.Admin.PatchAsync(
            $"{path}/web",
            """[{"op":"replace","path":"/spec/template/spec/containers/0/image","value":"i:2"}]""",
            "application/json-patch+json"
        );

        var web = await SandboxHost.EventuallyAsync(
            sandbox.Admin,
            $"{path}/web",
            web =>
                web.Text("status", "observedGeneration") == "2"
                && web.Text("status", "updatedReplicas") == "2"
                && web.Text("status", "replicas") == "2"
        );
        web.Text("metadata", "annotations", "deployment.kubernetes.io/revision").ShouldBe("2");
        var sets = await sandbox.Admin.GetJsonAsync("/apis/apps/v1/namespaces/deploy/replicasets");
        sets["items"]!.AsArray().Select(set => set.Text("spec", "replicas")).Order().ShouldBe(["0", "2"]);
    }
}
