using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using VClusterManager.Server.Clusters;
using VClusterManager.Server.Clusters.Instances;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Kubernetes;
using VClusterManager.Server.Tests.TestHost;
using VClusterManager.Server.Work;
using Xunit;

namespace VClusterManager.Server.Tests.Clusters.Instances;

/// <summary>A server and the lease that says whose a host is.</summary>
public sealed class InstanceTests(InstanceTests.ShortLease host) : IClassFixture<InstanceTests.ShortLease>
{
    [Fact]
    public async Task It_holds_the_lease_and_renews_it()
    {
        var first = await LeaseAsync();
        first.Duration.ShouldBe(ShortLease.Duration);

        await Wait.UntilAsync(async () => (await LeaseAsync()).RenewedAt > first.RenewedAt);

        var renewed = await LeaseAsync();
        (renewed.Holder, renewed.AcquiredAt, renewed.Transitions).ShouldBe(
            (first.Holder, first.AcquiredAt, first.Transitions)
        );
    }

    [Fact]
    public async Task When_another_database_has_taken_it_nothing_is_changed_until_that_one_is_gone()
    {
        var lease = await LeaseAsync();
        var theirs = Guid.NewGuid().ToString();
        await Wait.UntilAsync(async () =>
            await WriteAsync((await LeaseAsync()) with { Holder = theirs, Duration = TimeSpan.FromHours(1) })
        );
        await Wait.UntilAsync(() => Access.IsAnothers);

        var refused = (await host.Editor.PostAsync("/api/clusters", new { name = "refused" })).ShouldBeProblem(503);
        refused.Detail.ShouldContain(theirs);
        refused.Header("Retry-After").ShouldNotBeNull();
        (await host.Viewer.GetAsync("/api/orphans")).ShouldBeProblem(503);
        (await host.Viewer.GetAsync("/api/clusters")).ShouldBe(200);
        var ready = (await host.Viewer.GetAsync("/readyz")).ShouldBe(200).Json;
        ready.Text("status").ShouldBe("degraded");
        ready["problems"]!.AsArray().ShouldContain(p => p!.GetValue<string>().Contains(theirs));

        (await WriteAsync((await LeaseAsync()) with { Duration = ShortLease.Duration })).ShouldBeTrue();
        await Wait.UntilAsync(() => Access.IsOpen);
        (await LeaseAsync()).ShouldSatisfyAllConditions(
            taken => taken.Holder.ShouldBe(lease.Holder),
            taken => taken.Transitions.ShouldBeGreaterThan(lease.Transitions)
        );
        await host.Editor.CreateRunningAsync("accepted");
        (await host.Viewer.GetAsync("/readyz")).Json.Text("status").ShouldBe("ready");
    }

    [Fact]
    public async Task While_the_host_is_away_for_longer_than_the_lease_holds_requests_are_stored_and_done_later()
    {
        await host.BreakAsync("api-away");
        await Wait.UntilAsync(() => !Access.IsOpen);

        (await host.Editor.PostAsync("/api/clusters", new { name = "patient" })).ShouldBe(202);
        (await host.Admin.PostAsync("/api/clusters/patient/adopt")).ShouldBeProblem(503);
        await host.MendAsync("api-away");

        await host.Editor.UntilAsync("patient", "Running");
    }

    [Fact]
    public async Task However_many_servers_start_together_a_new_database_takes_in_what_is_there_once()
    {
        var id = (await host.Editor.CreateRunningAsync("taken-in")).Text("id");
        await Wait.UntilAsync(() =>
            View.Find(new NamespacedName("vcluster-taken-in", "taken-in"))
                .Workload!.Annotations.ContainsKey(ClusterStamps.ExpiresAnnotation)
        );
        await host.Stores.TransactAsync(
            async store =>
            {
                await store.Clusters.ExecuteDeleteAsync(ManagerHost.Cancellation);
                await store.Settings.Where(s => s.Name == "host_taken_in").ExecuteDeleteAsync(ManagerHost.Cancellation);
            },
            ManagerHost.Cancellation
        );
        await host.Services.GetRequiredService<ClusterView>().ReloadAsync(ManagerHost.Cancellation);

        var rebuild = host.Services.GetRequiredService<Rebuild>();
        var done = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(_ => Task.Run(() => rebuild.RunAsync(ManagerHost.Cancellation)))
        );

        done.ShouldAllBe(ended => ended);
        (await host.Viewer.GetAsync("/api/clusters/taken-in")).ShouldBe(200).Json.Text("id").ShouldBe(id);
        var history = (await host.Viewer.GetAsync("/api/clusters/taken-in/history")).Json["history"]!.AsArray();
        history.Count(entry => entry.Text("reason") == "Rebuilt").ShouldBe(1);
        // What is lost from now on is an orphan: it was asked once.
        await host.Stores.TransactAsync(
            store => store.Clusters.ExecuteDeleteAsync(ManagerHost.Cancellation),
            ManagerHost.Cancellation
        );
        (await rebuild.RunAsync(ManagerHost.Cancellation)).ShouldBeTrue();
        (await host.Stores.ReadAsync(store => store.Clusters.AnyAsync(ManagerHost.Cancellation))).ShouldBeFalse();
    }

    private HostView View => host.Services.GetRequiredService<HostView>();

    private WriteAccess Access => host.Services.GetRequiredService<WriteAccess>();

    private NamespacedName Key => host.Services.GetRequiredService<InstanceLease>().Key;

    private HostLeases Leases => host.Services.GetRequiredService<HostLeases>();

    private async Task<HostLease> LeaseAsync() =>
        (await Leases.ReadAsync(Key, ManagerHost.Cancellation)).ShouldBeOfType<HostAnswer<HostLease>.Found>().Value;

    private async Task<bool> WriteAsync(HostLease lease) =>
        await Leases.WriteAsync(Key, lease, ClusterStamps.Labels("rest"), ManagerHost.Cancellation) is HostWrite.Done;

    /// <summary>A manager that does not wait long.</summary>
    public sealed class ShortLease : ManagerHost
    {
        internal static readonly TimeSpan Duration = TimeSpan.FromSeconds(3);

        private protected override ManagerOptions Configure(ManagerOptions options) =>
            options with
            {
                Kubernetes = options.Kubernetes with { LeaseDuration = Duration },
            };
    }
}

/// <summary>A server that may not have the lease.</summary>
public sealed class NoLeaseTests(NoLeaseTests.NowhereHost host) : IClassFixture<NoLeaseTests.NowhereHost>
{
    [Fact]
    public async Task It_changes_nothing_says_why_and_goes_on_when_it_may()
    {
        var ready = (await host.Viewer.GetAsync("/readyz")).ShouldBe(200).Json;
        ready.Text("status").ShouldBe("degraded");
        ready["problems"]!.AsArray().ShouldContain(p => p!.GetValue<string>().Contains("kubernetes.lease_namespace"));
        (await host.Editor.PostAsync("/api/clusters", new { name = "closed" }))
            .ShouldBeProblem(503)
            .Detail.ShouldContain("get, create and update on leases");

        await host.MakeNamespaceAsync("nowhere");
        await Wait.UntilAsync(() => host.Services.GetRequiredService<WriteAccess>().IsOpen);

        await host.Editor.CreateRunningAsync("open");
    }

    /// <summary>A manager whose lease has no place.</summary>
    public sealed class NowhereHost : ManagerHost
    {
        private protected override ManagerOptions Configure(ManagerOptions options) =>
            options with
            {
                Kubernetes = options.Kubernetes with { LeaseNamespace = "nowhere" },
            };
    }
}
