using VClusterManager.Sandbox.Tests.TestHost;

namespace VClusterManager.Sandbox.Tests.Api;

public sealed class PodLogTests(SandboxHost sandbox) : IClassFixture<SandboxHost>
{
    [Fact]
    public async Task The_last_lines_can_be_asked_for_with_their_times()
    {
        var path = await PodAsync("tails", """["sh","-c","echo one; echo two; echo three"]""", "Succeeded");

        (await sandbox.Admin.GetStringAsync($"{path}/log")).ShouldBe("one\ntwo\nthree\n");
        (await sandbox.Admin.GetStringAsync($"{path}/log?tailLines=2")).ShouldBe("two\nthree\n");
        (await sandbox.Admin.GetStringAsync($"{path}/log?tailLines=0")).ShouldBe("");
        (await sandbox.Admin.GetStringAsync($"{path}/log?limitBytes=5")).ShouldBe("one\nt");
        (await sandbox.Admin.GetStringAsync($"{path}/log?tailLines=1&timestamps=true")).ShouldMatch(
            @"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z three\n$"
        );
        (await sandbox.Admin.GetStringAsync($"{path}/log?sinceSeconds=3600")).ShouldBe("one\ntwo\nthree\n");
        (await sandbox.Admin.GetStringAsync($"{path}/log?sinceTime=2100-01-01T00:00:00Z")).ShouldBe("");
    }

    [Fact]
    public async Task Who_follows_sees_new_lines_and_the_end()
    {
        var path = await PodAsync("follows", null, "Running");
        using var answer = await sandbox.Admin.GetAsync(
            $"{path}/log?follow=true",
            HttpCompletionOption.ResponseHeadersRead
        );
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        (await NextAsync(reader)).ShouldBe("listening on port 80");

        await sandbox.Admin.GetStringAsync($"{path}/proxy/seen");
        (await NextAsync(reader)).ShouldBe("GET /seen HTTP/1.1");

        await sandbox.Admin.DeleteJsonAsync(path);
        (await NextAsync(reader)).ShouldBeNull();
    }

    [Theory]
    [InlineData("tailLines=-1", "tailLines: Invalid value: -1: must be greater than or equal to 0")]
    [InlineData("sinceSeconds=0", "sinceSeconds: Invalid value: 0: must be greater than 0")]
    [InlineData("limitBytes=0", "limitBytes: Invalid value: 0: must be greater than 0")]
    public async Task Options_that_make_no_sense_are_refused(string query, string message)
    {
        var path = await PodAsync("refused", null, "Running");
        var answer = await sandbox.Admin.GetJsonAsync($"{path}/log?{query}");
        answer.Text("code").ShouldBe("422");
        answer.Text("message")!.ShouldContain(message);
    }

    [Fact]
    public async Task Of_several_containers_one_must_be_named()
    {
        await sandbox.CreateNamespaceAsync("several");
        const string path = "/api/v1/namespaces/several/pods";
        await sandbox.Admin.PostJsonAsync(
            path,
            """{"metadata":{"name":"p"},"spec":{"containers":[{"name":"a","image":"i"},{"name":"b","image":"i"}]}}"""
        );

        var answer = await sandbox.Admin.GetJsonAsync($"{path}/p/log");

        answer.Text("message").ShouldBe("a container name must be specified for pod p, choose one of: [a b]");
    }

    [Fact]
    public async Task The_log_before_a_restart_is_there_only_after_one()
    {
        var path = await PodAsync("previous", null, "Running");
        var none = await sandbox.Admin.GetJsonAsync($"{path}/log?previous=true");
        none.Text("message").ShouldBe("previous terminated container \"c\" in pod \"p\" not found");

        using var control = new HttpClient { BaseAddress = sandbox.Host.ControlUrl };
        await control.PutAsync("/faults/crash-loop?namespace=crashed&name=demo", null);
        await sandbox.InstallAsync("crashed", "demo");
        await SandboxHost.EventuallyAsync(
            sandbox.Admin,
            "/api/v1/namespaces/crashed/pods/demo-0",
            pod => pod.Text("status", "containerStatuses", "0", "state", "waiting", "reason") == "CrashLoopBackOff"
        );
        await control.DeleteAsync("/faults/crash-loop?namespace=crashed&name=demo");
        await sandbox.KubeconfigAsync("crashed", "demo");

        const string log = "/api/v1/namespaces/crashed/pods/demo-0/log?container=syncer&tailLines=1";
        (await sandbox.Admin.GetStringAsync(log)).ShouldContain("Successfully started vCluster");
        (await sandbox.Admin.GetStringAsync($"{log}&previous=true")).ShouldContain("error running start command");
    }

    private static Task<string?> NextAsync(StreamReader reader) =>
        reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(90), TimeProvider.System);

    private async Task<string> PodAsync(string ns, string? command, string phase)
    {
        var path = $"/api/v1/namespaces/{ns}/pods";
        await sandbox.CreateNamespaceAsync(ns);
        var given = command is null ? "" : $",\"command\":{command}";
        await sandbox.Admin.PostJsonAsync(
            path,
            $$$"""{"metadata":{"name":"p"},"spec":{"restartPolicy":"Never","containers":[{"name":"c","image":"i"{{{given}}}}]}}"""
        );
        await SandboxHost.EventuallyAsync(sandbox.Admin, $"{path}/p", pod => pod.Text("status", "phase") == phase);
        return $"{path}/p";
    }
}
