using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using VClusterManager.Server.Kubernetes;
using VClusterManager.Server.Kubernetes.Watching;
using VClusterManager.Server.Tests.Processes;
using Xunit;
using static VClusterManager.Server.Tests.Kubernetes.ScriptedHost;

namespace VClusterManager.Server.Tests.Kubernetes.Watching;

public sealed class ListWatchTests : IAsyncLifetime
{
    private const string Path = "/api/v1/configmaps";
    private readonly ConcurrentDictionary<string, string> _seen = new();
    private readonly ConcurrentQueue<string> _removed = new();
    private readonly WatchHealth _health = new("configmaps", TimeProvider.System);
    private readonly CancellationTokenSource _stop = new();
    private ScriptedHost _host = null!;
    private Task _running = Task.CompletedTask;

    public async ValueTask InitializeAsync() => _host = await ScriptedHost.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        await _host.DisposeAsync();
        _stop.Dispose();
    }

    private void Run(TimeSpan? silence = null)
    {
        var source = new WatchSource<string>(
            new HostQuery(HostResource.ConfigMap, Labels: "a=b"),
            item => item.GetProperty("data").GetString(),
            (id, before, after) =>
            {
                if (after is not null)
                    _seen[id.ToString()] = after;
                else if (_seen.ContainsKey(id.ToString()))
                {
                    // In this order: who sees that it has gone looks here next.
                    _removed.Enqueue($"{id} was {before}");
                    _seen.TryRemove(id.ToString(), out _);
                }
            }
        );
        var stream = new WatchStream(TimeProvider.System) { Silence = silence ?? TimeSpan.FromSeconds(60) };
        var watch = new ListWatch<string>(
            _host.Api,
            source,
            _health,
            stream,
            TimeProvider.System,
            NullLogger<ListWatch<string>>.Instance
        );
        _running = watch.RunAsync(_stop.Token);
    }

    private static string Map(string name, string version, string data) =>
        $$$"""{"metadata":{"name":"{{{name}}}","namespace":"n","resourceVersion":"{{{version}}}"},"data":"{{{data}}}"}""";

    private Task Seen(params string[] expected) =>
        ToolBench.WaitUntil(() => _seen.Select(s => $"{s.Key}={s.Value}").Order().SequenceEqual(expected));

    private List<string> Asked(string part) =>
        [.. _host.Requests.Where(r => r.Contains(part, StringComparison.Ordinal))];

    [Fact]
    public async Task It_lists_page_by_page_and_watches_from_the_version_of_the_list()
    {
        _host.OnList(
            Path,
            context =>
                context.Request.Query["continue"] == "next/page"
                    ? List("20", Map("b", "7", "2"))(context)
                    : Json(
                        $$"""{"metadata":{"resourceVersion":"20","continue":"next/page"},"items":[{{Map("a", "5", "1")}}]}"""
                    )(context)
        );
        _host.OnWatch(Path, _host.Open());
        Run();

        await Seen("n/a=1", "n/b=2");

        await ToolBench.WaitUntil(() => Asked("watch=true").Count == 1);
        _host.Requests.First().ShouldBe("GET /api/v1/configmaps?limit=500&labelSelector=a%3Db");
        Asked("watch=true")[0].ShouldContain("allowWatchBookmarks=true");
        Asked("watch=true")[0].ShouldEndWith("&labelSelector=a%3Db&resourceVersion=20");
        _health.Synced.ShouldBeTrue();
        _health.Failing.ShouldBeNull();
    }

    [Fact]
    public async Task Events_change_the_copy()
    {
        _host.OnList(Path, List("10", Map("a", "5", "1"), Map("b", "6", "1")));
        _host.OnWatch(
            Path,
            _host.Open(
                Event("ADDED", Map("c", "11", "1")),
                Event("MODIFIED", Map("a", "12", "2")),
                Event("DELETED", Map("b", "13", "1"))
            )
        );
        Run();

        await Seen("n/a=2", "n/c=1");
        _removed.ShouldBe(["n/b was 1"]);
    }

    [Fact]
    public async Task A_watch_that_ends_is_taken_up_from_its_last_version_also_a_bookmarks()
    {
        _host.OnList(Path, List("10", Map("a", "5", "1")));
        _host.OnWatch(
            Path,
            Lines(Event("MODIFIED", Map("a", "12", "2"))),
            Lines(Bookmark("40")),
            _host.Open(Event("MODIFIED", Map("a", "41", "3")))
        );
        Run();

        await Seen("n/a=3");

        Asked("watch=true").Select(r => r[r.LastIndexOf('=')..]).ShouldBe(["=10", "=12", "=40"]);
        Asked("limit=").Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_expired_version_lists_again_and_only_then_removes_what_is_gone()
    {
        var lists = 0;
        _host.OnList(
            Path,
            context =>
                Interlocked.Increment(ref lists) == 1
                    ? List("10", Map("a", "5", "1"), Map("b", "6", "1"))(context)
                    : List("400", Map("b", "6", "1"), Map("c", "390", "1"))(context)
        );
        _host.OnWatch(Path, Lines(Expired), _host.Open());
        Run();

        await Seen("n/b=1", "n/c=1");

        _removed.ShouldBe(["n/a was 1"]);
        await ToolBench.WaitUntil(() => Asked("resourceVersion=400").Count == 1);
        _health.Failing.ShouldBeNull("an old version is no failure");
    }

    [Fact]
    public async Task An_expired_version_may_also_be_answered_with_a_status()
    {
        _host.OnList(Path, List("10", Map("a", "5", "1")));
        _host.OnWatch(Path, Status(410, "too old resource version"), _host.Open(Event("ADDED", Map("b", "11", "1"))));
        Run();

        await Seen("n/a=1", "n/b=1");
        Asked("limit=").Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_connection_that_breaks_within_an_event_loses_nothing()
    {
        var whole = Event("ADDED", Map("b", "12", "whole"));
        _host.OnList(Path, List("10", Map("a", "5", "1")));
        _host.OnWatch(
            Path,
            Broken(
                Event("ADDED", Map("c", "11", "1")) + "\n" + whole[..(whole.Length / 2)],
                () => _seen.ContainsKey("n/c")
            ),
            _host.Open(whole)
        );
        Run();

        await Seen("n/a=1", "n/b=whole", "n/c=1");

        Asked("watch=true").Select(r => r[r.LastIndexOf('=')..]).ShouldBe(["=10", "=11"]);
        Asked("limit=").Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("this is not JSON")]
    [InlineData("""{"type":"ADDED"}""")]
    [InlineData("""{"type":"PUZZLED","object":{"metadata":{"name":"x","resourceVersion":"11"}}}""")]
    [InlineData("""{"type":"ADDED","object":{"metadata":{"name":"x","namespace":"n"},"data":"1"}}""")]
    [InlineData("""{"type":"ERROR","object":{"message":"no","code":500}}""")]
    [InlineData("[]")]
    public async Task What_cannot_be_understood_removes_nothing_and_lists_again(string garbage)
    {
        _host.OnList(Path, List("10", Map("a", "5", "1")));
        _host.OnWatch(Path, Lines(garbage), _host.Open(Event("ADDED", Map("b", "20", "1"))));
        Run();

        await Seen("n/a=1", "n/b=1");

        _removed.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_host_that_fails_removes_nothing_and_is_asked_again()
    {
        var failing = true;
        _host.OnList(
            Path,
            context =>
                failing ? Status(500, "etcdserver: leader changed")(context) : List("30", Map("b", "25", "1"))(context)
        );
        _host.OnWatch(Path, _host.Open());
        Run();

        await ToolBench.WaitUntil(() => Asked("limit=").Count >= 2);
        _health.Synced.ShouldBeFalse();
        _health.Failing!.Value.Problem.ShouldBe("watching configmaps: etcdserver: leader changed");

        failing = false;
        await Seen("n/b=1");
        await ToolBench.WaitUntil(() => _health.Synced && _health.Failing is null);
    }

    [Fact]
    public async Task A_list_that_fails_after_its_first_page_is_no_list()
    {
        var failing = true;
        _host.OnList(
            Path,
            context =>
                context.Request.Query.ContainsKey("continue")
                    ? failing
                        ? Status(503, "unavailable")(context)
                        : List("20", Map("b", "7", "2"))(context)
                    : Json(
                        $$"""{"metadata":{"resourceVersion":"20","continue":"p"},"items":[{{Map("a", "5", "1")}}]}"""
                    )(context)
        );
        _host.OnWatch(Path, _host.Open());
        Run();

        await ToolBench.WaitUntil(() => _health.Failing is not null);
        _seen.ShouldBeEmpty();
        failing = false;
        await Seen("n/a=1", "n/b=2");
    }

    [Fact]
    public async Task A_silent_watch_is_ended_and_taken_up_again()
    {
        _host.OnList(Path, List("10", Map("a", "5", "1")));
        _host.OnWatch(Path, _host.Open(), _host.Open(Event("MODIFIED", Map("a", "11", "2"))));
        Run(silence: TimeSpan.FromMilliseconds(300));

        await Seen("n/a=2");

        Asked("limit=").Count.ShouldBe(1, "the version is still good");
    }

    [Fact]
    public async Task A_bookmark_is_a_sign_of_life()
    {
        var watches = 0;
        _host.OnList(Path, List("10", Map("a", "5", "1")));
        _host.OnWatch(
            Path,
            async context =>
            {
                Interlocked.Increment(ref watches);
                for (var version = 11; version < 41; version++)
                {
                    await Lines(Bookmark(version.ToString()))(context);
                    await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
                }

                await _host.Open(Event("MODIFIED", Map("a", "50", "2")))(context);
            }
        );
        Run(silence: TimeSpan.FromSeconds(2));

        await Seen("n/a=2");
        watches.ShouldBe(1);
    }

    [Fact]
    public async Task A_missing_right_is_told_in_the_hosts_words()
    {
        _host.OnList(Path, Status(403, "configmaps is forbidden: User \"me\" cannot list resource \"configmaps\""));
        Run();

        await ToolBench.WaitUntil(() => _health.Failing is not null);

        _health.Failing!.Value.Problem.ShouldBe(
            "watching configmaps: configmaps is forbidden: User \"me\" cannot list resource \"configmaps\""
        );
    }

    [Fact]
    public async Task A_host_that_ends_every_watch_at_once_is_not_hammered()
    {
        _host.OnList(Path, List("10"));
        _host.OnWatch(Path, Lines());
        Run();

        await ToolBench.WaitUntil(() => Asked("watch=true").Count >= 2);
        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);

        Asked("watch=true").Count.ShouldBeLessThan(6);
    }

    [Fact]
    public async Task An_object_that_is_of_no_interest_any_more_is_gone()
    {
        _host.OnList(Path, List("10", Map("a", "5", "1")));
        _host.OnWatch(
            Path,
            _host.Open(
                """{"type":"MODIFIED","object":{"metadata":{"name":"a","namespace":"n","resourceVersion":"11"},"data":null}}"""
            )
        );
        Run();

        await ToolBench.WaitUntil(() => _removed.Contains("n/a was 1"));
    }

    [Fact]
    public void Waiting_grows_up_to_a_bound_and_begins_anew_after_a_success()
    {
        var backoff = new Backoff();
        var waits = Enumerable.Range(0, 12).Select(_ => backoff.Next()).ToList();

        waits[0].ShouldBeInRange(Backoff.First / 2, Backoff.First);
        waits[3].ShouldBeInRange(Backoff.First * 4, Backoff.First * 8);
        waits.Max().ShouldBeLessThanOrEqualTo(Backoff.Longest);
        backoff.Reset();
        backoff.Next().ShouldBeLessThanOrEqualTo(Backoff.First);
    }
}
