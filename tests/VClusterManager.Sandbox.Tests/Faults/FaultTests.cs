using VClusterManager.Sandbox.Tests.TestHost;

namespace VClusterManager.Sandbox.Tests.Faults;

/// <summary>Each test has a host of its own: a fault for everything is felt by everyone.</summary>
public sealed class FaultTests : IAsyncLifetime
{
    private readonly SandboxHost _sandbox = new();
    private HttpClient _control = null!;

    private HttpClient Admin => _sandbox.Admin;

    public async ValueTask InitializeAsync()
    {
        await _sandbox.InitializeAsync();
        _control = new HttpClient { BaseAddress = _sandbox.Host.ControlUrl };
    }

    public async ValueTask DisposeAsync()
    {
        _control.Dispose();
        await _sandbox.DisposeAsync();
    }

    [Fact]
    public async Task With_api_away_connections_are_refused_until_it_is_over()
    {
        await SetAsync("api-away");
        await Should.ThrowAsync<HttpRequestException>(() => Admin.GetJsonAsync("/version"));
        await _control.DeleteAsync("/faults/api-away");
        (await Admin.GetJsonAsync("/version")).Text("major").ShouldBe("1");
    }

    [Fact]
    public async Task With_api_away_as_503_it_answers_so()
    {
        await SetAsync("api-away?value=503");
        (await Admin.GetJsonAsync("/version")).Text("reason").ShouldBe("ServiceUnavailable");
        await _control.DeleteAsync("/faults/api-away");
        (await Admin.GetJsonAsync("/version")).Text("major").ShouldBe("1");
    }

    [Fact]
    public async Task With_api_latency_answers_take_their_time()
    {
        await SetAsync("api-latency?value=300ms");
        var started = TimeProvider.System.GetTimestamp();
        await Admin.GetJsonAsync("/version");
        TimeProvider.System.GetElapsedTime(started).ShouldBeGreaterThan(TimeSpan.FromMilliseconds(290));
    }

    [Fact]
    public async Task The_faults_of_an_api_can_be_those_of_one_virtual_cluster_alone()
    {
        await _sandbox.InstallAsync("apis", "demo");
        using var inside = SandboxHost.ClientFor(await _sandbox.KubeconfigAsync("apis", "demo"));
        await inside.GetJsonAsync("/version");

        await SetAsync("api-away?value=503&namespace=apis&name=demo");
        (await inside.GetJsonAsync("/version")).Text("reason").ShouldBe("ServiceUnavailable");
        (await Admin.GetJsonAsync("/version")).Text("major").ShouldBe("1");
        await SetAsync("api-away?namespace=apis&name=demo");
        await Should.ThrowAsync<HttpRequestException>(() => inside.GetJsonAsync("/version"));
        await _control.DeleteAsync("/faults/api-away?namespace=apis&name=demo");
        (await inside.GetJsonAsync("/version")).Text("major").ShouldBe("1");

        await SetAsync("api-latency?value=1h&namespace=apis&name=demo");
        var slow = inside.GetJsonAsync("/version");
        (await Admin.GetJsonAsync("/version")).Text("major").ShouldBe("1");
        slow.IsCompleted.ShouldBeFalse();
        await _control.DeleteAsync("/faults/api-latency?namespace=apis&name=demo");
        (await inside.GetJsonAsync("/version")).Text("major").ShouldBe("1");
        inside.CancelPendingRequests();
        await Should.ThrowAsync<OperationCanceledException>(() => slow);
    }

    [Fact]
    public async Task A_watch_of_one_virtual_cluster_can_be_silent()
    {
        await _sandbox.InstallAsync("silent", "demo");
        using var inside = SandboxHost.ClientFor(await _sandbox.KubeconfigAsync("silent", "demo"));
        const string selected = "/api/v1/namespaces?fieldSelector=metadata.name%3Dx";
        using var theirs = await WatchStream.OpenAsync(inside, selected);
        using var ours = await WatchStream.OpenAsync(Admin, selected);
        await SetAsync("silent-watch?namespace=silent&name=demo");

        await _sandbox.CreateNamespaceAsync("x");
        await inside.PostJsonAsync("/api/v1/namespaces", """{"metadata":{"name":"x"}}""");

        (await ours.NextAsync()).Text("type").ShouldBe("ADDED");
        (await theirs.IsSilentAsync(TimeSpan.FromMilliseconds(200))).ShouldBeTrue();
    }

    [Fact]
    public async Task A_silent_watch_stays_open_and_says_nothing_even_afterwards()
    {
        using var watch = await WatchStream.OpenAsync(Admin, "/api/v1/namespaces?fieldSelector=metadata.name%3Dx");
        await SetAsync("silent-watch");
        await _sandbox.CreateNamespaceAsync("x");
        (await watch.IsSilentAsync(TimeSpan.FromMilliseconds(200))).ShouldBeTrue();
        await _control.DeleteAsync("/faults/silent-watch");
        using var other = await WatchStream.OpenAsync(Admin, "/api/v1/namespaces?fieldSelector=metadata.name%3Dx");
        (await other.NextAsync()).Text("type").ShouldBe("ADDED");
    }

    [Fact]
    public async Task With_pending_volume_the_claim_waits_and_says_why_and_binds_afterwards()
    {
        await SetAsync("pending-volume?namespace=volumes&name=demo");
        await _sandbox.InstallAsync("volumes", "demo");
        await SandboxHost.EventuallyAsync(
            Admin,
            "/api/v1/namespaces/volumes/events?fieldSelector=involvedObject.name%3Ddata-demo-0",
            events =>
                events.Text("items", "0", "message")
                == "no persistent volumes available for this claim and no storage class is set"
        );
        var pod = await SandboxHost.EventuallyAsync(
            Admin,
            "/api/v1/namespaces/volumes/pods/demo-0",
            pod => pod.Text("status", "conditions", "0", "reason") == "Unschedulable"
        );
        pod.Text("status", "phase").ShouldBe("Pending");

        await _control.DeleteAsync("/faults/pending-volume?namespace=volumes&name=demo");
        await _sandbox.KubeconfigAsync("volumes", "demo");
    }

    [Fact]
    public async Task With_image_error_one_cluster_stays_behind_and_another_does_not()
    {
        await SetAsync("image-error?namespace=broken&name=demo");
        await _sandbox.InstallAsync("broken", "demo");
        await _sandbox.InstallAsync("whole", "demo");
        await _sandbox.KubeconfigAsync("whole", "demo");
        await SandboxHost.EventuallyAsync(
            Admin,
            "/api/v1/namespaces/broken/pods/demo-0",
            pod =>
                pod.Text("status", "initContainerStatuses", "0", "state", "waiting", "reason")
                    is "ErrImagePull"
                        or "ImagePullBackOff"
        );

        await _control.DeleteAsync("/faults/image-error?namespace=broken&name=demo");
        await _sandbox.KubeconfigAsync("broken", "demo");
    }

    [Fact]
    public async Task With_crash_loop_the_pod_says_so_and_its_log_says_why()
    {
        await SetAsync("crash-loop?namespace=crash&name=demo");
        await _sandbox.InstallAsync("crash", "demo");
        await SandboxHost.EventuallyAsync(
            Admin,
            "/api/v1/namespaces/crash/pods/demo-0",
            pod => pod.Text("status", "containerStatuses", "0", "state", "waiting", "reason") == "CrashLoopBackOff"
        );

        var log = await Admin.GetStringAsync("/api/v1/namespaces/crash/pods/demo-0/log?tailLines=1");

        log.ShouldContain("fatal\terror running start command");
    }

    [Fact]
    public async Task With_stuck_finalizer_the_namespace_stays_until_it_is_over()
    {
        await SetAsync("stuck-finalizer?namespace=stuck&name=demo");
        await _sandbox.InstallAsync("stuck", "demo");
        await _sandbox.KubeconfigAsync("stuck", "demo");
        await Admin.DeleteJsonAsync("/api/v1/namespaces/stuck");
        var held = await SandboxHost.EventuallyAsync(
            Admin,
            "/api/v1/namespaces/stuck",
            ns =>
                ns["status"]
                    ?["conditions"]?.ToJsonString()
                    .Contains("sandbox.vcluster-manager.io/stuck", StringComparison.Ordinal) == true
        );
        held.Text("status", "phase").ShouldBe("Terminating");

        await _control.DeleteAsync("/faults/stuck-finalizer?namespace=stuck&name=demo");
        await SandboxHost.EventuallyAsync(Admin, "/api/v1/namespaces/stuck", ns => ns.Text("code") == "404");
    }

    [Fact]
    public async Task With_quota_pods_are_refused()
    {
        await SetAsync("quota?namespace=full");
        await _sandbox.CreateNamespaceAsync("full");
        var answer = await Admin.PostJsonAsync(
            "/api/v1/namespaces/full/pods",
            """{"metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"i"}]}}"""
        );
        answer.Text("code").ShouldBe("403");
        answer.Text("message")!.ShouldContain("exceeded quota");

        await _control.DeleteAsync("/faults/quota?namespace=full");
        answer = await Admin.PostJsonAsync(
            "/api/v1/namespaces/full/pods",
            """{"metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"i"}]}}"""
        );
        answer.Text("kind").ShouldBe("Pod");
    }

    [Theory]
    [InlineData("image-error")]
    [InlineData("pending-volume")]
    [InlineData("crash-loop")]
    [InlineData("slow-start?value=1h")]
    public async Task What_is_on_for_all_holds_up_every_cluster_until_it_is_over(string fault)
    {
        await SetAsync(fault);
        await _sandbox.InstallAsync("one", "demo");
        await _sandbox.InstallAsync("two", "demo");
        foreach (var ns in (string[])["one", "two"])
        {
            await SandboxHost.EventuallyAsync(
                Admin,
                $"/api/v1/namespaces/{ns}/pods/demo-0",
                pod => pod.Text("status", "conditions", "0", "type") is not null
            );
            var set = await Admin.GetJsonAsync($"/apis/apps/v1/namespaces/{ns}/statefulsets/demo");
            set.Text("status", "readyReplicas").ShouldBeNull();
        }

        await _control.DeleteAsync($"/faults/{fault.Split('?')[0]}");
        await _sandbox.KubeconfigAsync("one", "demo");
        await _sandbox.KubeconfigAsync("two", "demo");
    }

    [Fact]
    public async Task With_slow_start_readiness_comes_later_and_at_once_when_it_is_over()
    {
        await SetAsync("slow-start?value=10m&namespace=slow&name=demo");
        await _sandbox.InstallAsync("slow", "demo");
        var pod = await SandboxHost.EventuallyAsync(
            Admin,
            "/api/v1/namespaces/slow/pods/demo-0",
            pod => pod.Text("status", "phase") == "Running"
        );
        pod["status"]!["containerStatuses"]![0].Text("ready").ShouldBe("false");
        await _control.DeleteAsync("/faults/slow-start?namespace=slow&name=demo");
        await _sandbox.KubeconfigAsync("slow", "demo");
    }

    [Fact]
    public async Task The_command_line_tools_ask_the_api_for_their_faults()
    {
        await SetAsync("cli-hang?value=before&namespace=n&name=demo");
        var faults = await Admin.GetJsonAsync("/-/sandbox/faults?namespace=n&name=demo");
        faults.Text("faults", "0", "name").ShouldBe("cli-hang");
        faults.Text("faults", "0", "value").ShouldBe("before");
        (await Admin.GetJsonAsync("/-/sandbox/faults?namespace=n&name=other"))["faults"]!.AsArray().ShouldBeEmpty();
        using var anonymous = _sandbox.Anonymous();
        (await anonymous.GetJsonAsync("/-/sandbox/faults?namespace=n&name=demo")).Text("code").ShouldBe("401");
    }

    [Fact]
    public async Task Requests_can_be_counted()
    {
        await _control.DeleteAsync("/requests");
        Admin.DefaultRequestHeaders.UserAgent.ParseAdd("counted/1.0");
        await _sandbox.CreateNamespaceAsync("counted");
        await Admin.GetJsonAsync("/api/v1/namespaces/counted");

        var log = await _control.GetJsonAsync("/requests?user_agent=counted");

        log.Text("total").ShouldBe("2");
        log.Text("requests", "0", "method").ShouldBe("POST");
        log.Text("requests", "0", "status").ShouldBe("201");
        log.Text("requests", "0", "user").ShouldBe("admin");
    }

    [Fact]
    public async Task A_fault_that_does_not_exist_is_not_found()
    {
        using var answer = await _control.PutAsync("/faults/nonsense", null);
        ((int)answer.StatusCode).ShouldBe(404);
    }

    [Theory]
    [InlineData("slow-start")]
    [InlineData("api-latency?value=soon")]
    [InlineData("api-away?value=504")]
    [InlineData("cli-hang?value=after")]
    [InlineData("cli-crash?value=later")]
    public async Task A_value_that_a_fault_does_not_take_is_refused(string fault)
    {
        using var answer = await _control.PutAsync($"/faults/{fault}", null);
        ((int)answer.StatusCode).ShouldBe(400);
        (await _control.GetJsonAsync("/faults"))["faults"]!.AsArray().ShouldBeEmpty();
    }

    private async Task SetAsync(string fault)
    {
        using var answer = await _control.PutAsync($"/faults/{fault}", null);
        answer.EnsureSuccessStatusCode();
    }
}
