using Shouldly;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Tests.TestHost;
using Xunit;

namespace VClusterManager.Server.Tests.Access;

/// <summary>A request for a cluster that sleeps wakes it.</summary>
public sealed class WakingTests(WakingTests.PatientHost host) : IClassFixture<WakingTests.PatientHost>
{
    [Fact]
    public async Task A_request_is_held_while_its_cluster_is_woken_and_is_answered_by_it()
    {
        await PutToSleepAsync(host, "dozing");

        (await host.Editor.GetAsync("/k8s/vcluster-dozing/dozing/api/v1/namespaces")).ShouldBe(200);

        (await host.Editor.GetAsync("/api/clusters/dozing")).Json.Text("status").ShouldBe("Running");
        (await OperationsAsync("dozing")).Count(kind => kind == "resume").ShouldBe(1);
    }

    [Fact]
    public async Task Many_requests_at_once_wake_it_once_and_whoever_may_look_in_may_wake_it()
    {
        await PutToSleepAsync(host, "crowded");

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 10).Select(_ => host.Viewer.GetAsync("/k8s/vcluster-crowded/crowded/api/v1/namespaces"))
        );

        answers.ShouldAllBe(answer => answer.Status == 200);
        (await OperationsAsync("crowded")).Count(kind => kind == "resume").ShouldBe(1);
    }

    [Fact]
    public async Task A_watch_wakes_nobody()
    {
        await PutToSleepAsync(host, "watched");

        var answer = await host.Editor.GetAsync("/k8s/vcluster-watched/watched/api/v1/pods?watch=true");

        // After any other refusal client-go lists, which would wake it.
        answer.ShouldBe(429).Json.Text("message").ShouldContain("a watch does not wake it");
        answer.Json.Text("reason").ShouldBe("TooManyRequests");
        answer.Header("Retry-After").ShouldBe("30");
        (await host.Editor.GetAsync("/api/clusters/watched")).Json.Text("status").ShouldBe("Sleeping");
    }

    [Fact]
    public async Task One_that_is_on_its_way_to_sleep_gets_there_and_is_woken()
    {
        await host.Editor.CreateRunningAsync("yawning");
        (await host.Editor.PostAsync("/api/clusters/yawning/pause")).ShouldBe(202);

        (await host.Editor.GetAsync("/k8s/vcluster-yawning/yawning/api/v1/namespaces")).ShouldBe(200);
    }

    [Fact]
    public async Task A_stranger_wakes_nobody()
    {
        await PutToSleepAsync(host, "private");

        (await host.Anonymous.GetAsync("/k8s/vcluster-private/private/api/v1/namespaces")).ShouldBe(401);

        (await host.Editor.GetAsync("/api/clusters/private")).Json.Text("status").ShouldBe("Sleeping");
    }

    internal static async Task PutToSleepAsync(ManagerHost host, string name)
    {
        await host.Editor.CreateRunningAsync(name);
        (await host.Editor.PostAsync($"/api/clusters/{name}/pause?wait=60")).ShouldBe(200);
    }

    private async Task<IEnumerable<string>> OperationsAsync(string name) =>
        (await host.Editor.GetAsync($"/api/clusters/{name}/history")).Json["history"]!
            .AsArray()
            .Select(entry => entry!["operation"]?["kind"]?.GetValue<string>() ?? "");

    /// <summary>Holds requests for longer than any machine takes.</summary>
    public sealed class PatientHost : ManagerHost
    {
        private protected override ManagerOptions Configure(ManagerOptions options) =>
            options with
            {
                Access = options.Access with { WakeTimeout = TimeSpan.FromSeconds(100) },
            };
    }
}

/// <summary>With a server that lets each caller have one answer that takes long.</summary>
public sealed class NarrowWakingTests(NarrowWakingTests.NarrowHost host) : IClassFixture<NarrowWakingTests.NarrowHost>
{
    [Fact]
    public async Task One_caller_holds_no_more_requests_for_clusters_that_wake_than_other_long_ones()
    {
        await WakingTests.PutToSleepAsync(host, "sought");

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 5).Select(_ => host.Editor.GetAsync("/k8s/vcluster-sought/sought/api/v1/namespaces"))
        );

        answers.Select(answer => answer.Status).Distinct().Order().ShouldBe([200, 429]);
        answers.First(answer => answer.Status == 429).Text.ShouldContain("requests that wait for a cluster to wake");
    }

    public sealed class NarrowHost : ManagerHost
    {
        private protected override ManagerOptions Configure(ManagerOptions options) =>
            options with
            {
                Access = options.Access with { MaxStreams = 1, WakeTimeout = TimeSpan.FromSeconds(100) },
            };
    }
}

/// <summary>With a server that holds nothing up.</summary>
public sealed class ImpatientWakingTests(ImpatientWakingTests.ImpatientHost host)
    : IClassFixture<ImpatientWakingTests.ImpatientHost>
{
    [Fact]
    public async Task What_takes_longer_than_the_bound_is_told_to_come_back_and_how_far_it_is()
    {
        await WakingTests.PutToSleepAsync(host, "slow");

        var answer = await host.Editor.GetAsync("/k8s/vcluster-slow/slow/api/v1/namespaces");

        answer.ShouldBe(503).Json.Text("message").ShouldContain("it is being woken");
        answer.Header("Retry-After").ShouldBe("2");
        await host.Editor.UntilAsync("slow", "Running");
        (await host.Editor.GetAsync("/k8s/vcluster-slow/slow/api/v1/namespaces")).ShouldBe(200);
    }

    public sealed class ImpatientHost : ManagerHost
    {
        private protected override ManagerOptions Configure(ManagerOptions options) =>
            options with
            {
                Access = options.Access with { WakeTimeout = TimeSpan.Zero },
            };
    }
}
