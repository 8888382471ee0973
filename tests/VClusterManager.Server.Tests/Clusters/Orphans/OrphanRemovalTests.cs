using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using VClusterManager.Contracts;
using VClusterManager.Server.Clusters;
using VClusterManager.Server.Clusters.Orphans;
using VClusterManager.Server.Http;
using VClusterManager.Server.Kubernetes;
using VClusterManager.Server.Tests.TestHost;
using Xunit;

namespace VClusterManager.Server.Tests.Clusters.Orphans;

/// <summary>What gets an owner between being found and being taken away is left alone.</summary>
public sealed class OrphanRemovalTests(ManagerHost host) : IClassFixture<ManagerHost>
{
    [Fact]
    public async Task A_namespace_in_which_somebody_asks_for_a_cluster_meanwhile_is_kept()
    {
        var found = await MakeOrphanAsync("asked-for", []);
        await AddRowAsync("asked-for", "wanted");

        var problem = await Removal.RemoveAsync(found, ManagerHost.Cancellation);

        problem.ShouldNotBeNull().Kind.ShouldBe(ProblemKind.Conflict);
        problem.Detail.ShouldContain("asked for a cluster");
        View.Find(new NamespacedName("asked-for", "x")).Namespace!.Terminating.ShouldBeFalse();
    }

    [Fact]
    public async Task A_namespace_that_has_become_another_clusters_is_kept()
    {
        var marks = new Dictionary<string, string> { [ClusterStamps.IdAnnotation] = Guid.NewGuid().ToString() };
        var found = await MakeOrphanAsync("become-anothers", marks);

        var problem = await Removal.RemoveAsync(found, ManagerHost.Cancellation);

        problem.ShouldNotBeNull().Kind.ShouldBe(ProblemKind.Conflict);
        problem.Detail.ShouldContain("changed just now");
        View.Find(new NamespacedName("become-anothers", "x")).Namespace!.Terminating.ShouldBeFalse();
    }

    [Fact]
    public async Task A_release_in_whose_place_somebody_asks_for_a_cluster_meanwhile_is_kept()
    {
        var key = new NamespacedName("released", "again");
        await host.MakeUnmanagedAsync(key.Namespace, key.Name);
        await Wait.UntilAsync(() => View.Find(key).Releases.Count > 0);
        var secret = new HostTrace("Secret", key.Namespace, View.Find(key).Releases[0].SecretName, "uid", false, []);
        await AddRowAsync(key.Namespace, key.Name);

        var problem = await Removal.RemoveAsync(
            Found(OrphanKind.Release, secret) with
            {
                Cluster = key,
            },
            ManagerHost.Cancellation
        );

        problem.ShouldNotBeNull().Kind.ShouldBe(ProblemKind.Conflict);
        problem.Detail.ShouldContain("asked for a cluster");
        View.Find(key).Releases.ShouldNotBeEmpty();
    }

    private OrphanRemoval Removal => host.Services.GetRequiredService<OrphanRemoval>();

    private HostView View => host.Services.GetRequiredService<HostView>();

    /// <summary>A namespace with our mark, as it was found before anything was added to it.</summary>
    private async Task<FoundOrphan> MakeOrphanAsync(string name, Dictionary<string, string> since)
    {
        await host.MakeNamespaceAsync(name);
        var home = View.Find(new NamespacedName(name, "x")).Namespace!;
        var marked = await host
            .Services.GetRequiredService<HostWrites>()
            .StampNamespaceAsync(home, ClusterStamps.Labels("rest"), since, ManagerHost.Cancellation);
        marked.ShouldBeOfType<HostWrite.Done>();
        return Found(OrphanKind.Namespace, new HostTrace("Namespace", null, name, home.Uid, Deleting: false, []));
    }

    private static FoundOrphan Found(OrphanKind kind, HostTrace what) =>
        new(kind, what, Cluster: null, ClusterId: null, Row: null, Reason: "", CreatedAt: default);

    private Task AddRowAsync(string ns, string name) =>
        host.Stores.TransactAsync(
            store =>
            {
                store.Clusters.Add(Rows.Cluster(name, ns));
                return Task.CompletedTask;
            },
            ManagerHost.Cancellation
        );
}
