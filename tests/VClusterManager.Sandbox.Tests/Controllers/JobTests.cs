using VClusterManager.Sandbox.Tests.TestHost;

namespace VClusterManager.Sandbox.Tests.Controllers;

public sealed class JobTests(SandboxHost sandbox) : IClassFixture<SandboxHost>
{
    [Fact]
    public async Task A_job_is_complete_when_enough_of_its_pods_have_ended_well()
    {
        await sandbox.CreateNamespaceAsync("jobs");
        await sandbox.Admin.PostJsonAsync(
            "/apis/batch/v1/namespaces/jobs/jobs",
            """{"metadata":{"name":"work"},"spec":{"completions":3,"parallelism":2,"template":{"spec":{"restartPolicy":"Never","containers":[{"name":"c","image":"i"}]}}}}"""
        );

        var job = await SandboxHost.EventuallyAsync(
            sandbox.Admin,
            "/apis/batch/v1/namespaces/jobs/jobs/work",
            job => job.Text("status", "conditions", "1", "type") == "Complete"
        );

        job.Text("status", "succeeded").ShouldBe("3");
        var pods = await sandbox.Admin.GetJsonAsync("/api/v1/namespaces/jobs/pods?labelSelector=job-name%3Dwork");
        pods["items"]!.AsArray().Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_job_whose_command_fails_fails_when_its_limit_is_reached()
    {
        const string path = "/apis/batch/v1/namespaces/failing/jobs";
        await sandbox.CreateNamespaceAsync("failing");
        await sandbox.Admin.PostJsonAsync(
            path,
            """{"metadata":{"name":"work"},"spec":{"backoffLimit":1,"template":{"spec":{"restartPolicy":"Never","containers":[{"name":"c","image":"i","command":["sh","-c","echo trying; exit 3"]}]}}}}"""
        );

        var job = await SandboxHost.EventuallyAsync(
            sandbox.Admin,
            $"{path}/work",
            job => job.Text("status", "conditions", "1", "type") == "Failed"
        );

        job.Text("status", "failed").ShouldBe("2");
        job.Text("status", "conditions", "1", "reason").ShouldBe("BackoffLimitExceeded");
        var pods = await sandbox.Admin.GetJsonAsync("/api/v1/namespaces/failing/pods");
        pods.Text("items", "0", "status", "containerStatuses", "0", "state", "terminated", "exitCode").ShouldBe("3");
        var pod = pods.Text("items", "0", "metadata", "name");
        (await sandbox.Admin.GetStringAsync($"/api/v1/namespaces/failing/pods/{pod}/log")).ShouldBe("trying\n");
    }

    [Fact]
    public async Task A_daemon_set_has_one_pod_on_the_one_node_and_follows_its_template()
    {
        const string path = "/apis/apps/v1/namespaces/daemons/daemonsets";
        await sandbox.CreateNamespaceAsync("daemons");
        await sandbox.Admin.PostJsonAsync(
            path,
            """{"metadata":{"name":"d"},"spec":{"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i:1"}]}}}}"""
        );
        await SandboxHost.EventuallyAsync(sandbox.Admin, $"{path}/d", set => set.Text("status", "numberReady") == "1");

        await sandbox.Admin.PatchAsync(
            $"{path}/d",
            """[{"op":"replace","path":"/spec/template/spec/containers/0/image","value":"i:2"}]""",
            "application/json-patch+json"
        );

        await SandboxHost.EventuallyAsync(
            sandbox.Admin,
            "/api/v1/namespaces/daemons/pods",
            pods =>
                pods["items"]!.AsArray().Count == 1
                && pods.Text("items", "0", "spec", "containers", "0", "image") == "i:2"
        );
    }
}
