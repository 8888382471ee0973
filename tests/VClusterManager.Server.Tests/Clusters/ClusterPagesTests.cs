using Microsoft.Extensions.Time.Testing;
using Shouldly;
using VClusterManager.Contracts;
using VClusterManager.Server.Clusters;
using VClusterManager.Server.Http;
using VClusterManager.Server.Http.Responses;
using VClusterManager.Server.Kubernetes;
using VClusterManager.Server.Kubernetes.Watching;
using VClusterManager.Server.Tests.Clusters.Lifecycle;
using VClusterManager.Server.Tests.TestHost;
using Xunit;

namespace VClusterManager.Server.Tests.Clusters;

/// <summary>The pages that are kept: never one that a new one would contradict.</summary>
public sealed class ClusterPagesTests : IClassFixture<SqliteDatabase>
{
    private const string Query = "?limit=50";

    private readonly FakeTimeProvider _time = new(TestManager.Now);
    private readonly HostView _host = new();
    private readonly ClusterView _clusters;
    private readonly ClusterPages _pages;
    private readonly WatchHealth _health;
    private int _made;

    public ClusterPagesTests(SqliteDatabase database)
    {
        _clusters = new ClusterView(database.Stores);
        _pages = new ClusterPages(_clusters, _host);
        _health = new WatchHealth("pods", _time);
        _health.Listed();
        _host.Gauge.Watch([_health]);
    }

    [Fact]
    public void The_same_question_is_answered_with_the_same_bytes_while_nothing_changes()
    {
        var first = Ask();

        Ask().ShouldBeSameAs(first);
        _made.ShouldBe(1);
        Ask("?limit=51").ShouldNotBeSameAs(first);
        _made.ShouldBe(2);
    }

    [Fact]
    public void A_change_of_a_cluster_makes_every_page_anew()
    {
        Ask();

        _clusters.Publish(new ClusterSnapshot(Rows.Cluster(), null));

        Ask();
        _made.ShouldBe(2);
    }

    [Fact]
    public void A_change_of_the_host_makes_every_page_anew()
    {
        Ask();
        _host.StatefulSets.Change(null, new Owned<ObservedWorkload>(Observed.Key, Observed.Workload));
        Ask();
        _made.ShouldBe(2);

        _host.NamespaceChanged(null, new ObservedNamespace("new", "uid", false, None, None, []));
        Ask();
        _made.ShouldBe(3);
    }

    [Fact]
    public void A_page_that_was_overtaken_while_it_was_made_is_not_kept()
    {
        Ask(meanwhile: () => _clusters.Publish(new ClusterSnapshot(Rows.Cluster(), null)));

        Ask();
        _made.ShouldBe(2);
    }

    [Fact]
    public void Nothing_is_kept_while_the_host_is_not_heard_of()
    {
        Ask();
        _health.Failed("it is away");
        _time.Advance(TimeSpan.FromSeconds(11));
        _host.Freshness.Stale.ShouldBeTrue();

        Ask();
        Ask();
        _made.ShouldBe(3);
    }

    [Fact]
    public void A_refusal_is_not_kept()
    {
        var refused = 0;
        for (var i = 0; i < 2; i++)
        {
            _pages.Of(
                Query,
                () =>
                {
                    refused++;
                    return new Problem(ProblemKind.Invalid, "no");
                }
            );
        }

        refused.ShouldBe(2);
    }

    [Fact]
    public void More_pages_than_fit_are_made_anew()
    {
        // Each of 4 MB: four fit.
        var filler = new string('x', 4_000_000);
        for (var i = 0; i < 6; i++)
        {
            Ask($"?q={i}", filler: filler);
        }

        Ask("?q=0", filler: filler);
        _made.ShouldBe(6);
        Ask("?q=5", filler: filler);
        _made.ShouldBe(7);
    }

    private static readonly Dictionary<string, string> None = [];

    private TaggedBytes Ask(string query = Query, Action? meanwhile = null, string? filler = null) =>
        _pages
            .Of(
                query,
                () =>
                {
                    _made++;
                    meanwhile?.Invoke();
                    return new ClusterList([], filler, 0);
                }
            )
            .Value;
}
