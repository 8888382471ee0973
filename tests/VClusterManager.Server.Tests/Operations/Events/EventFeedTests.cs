using System.Globalization;
using System.Net;
using Shouldly;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Tests.Http;
using VClusterManager.Server.Tests.TestHost;
using Xunit;

namespace VClusterManager.Server.Tests.Operations.Events;

public sealed class SqliteEventFeedTests(SqliteDatabase database)
    : EventFeedTests(database),
        IClassFixture<SqliteDatabase>;

public sealed class PostgresEventFeedTests(PostgresDatabase database)
    : EventFeedTests(database),
        IClassFixture<PostgresDatabase>;

/// <summary>The feed at the wire: two servers on one database, readers that come and go.</summary>
public abstract class EventFeedTests(TestDatabase database)
{
    private const int Writers = 8;
    private const int EventsOfAWriter = 1_250;

    [Fact]
    public async Task Readers_that_come_and_go_miss_nothing_and_get_nothing_twice()
    {
        await using var one = await EventServer.StartAsync(database);
        await using var other = await EventServer.StartAsync(database);
        var start = await NewestAsync();

        var readers = Enumerable
            .Range(0, 4)
            .Select(i => ReadAsync([one, other], start, start + (Writers * EventsOfAWriter), new Random(i)))
            .ToList();
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(i => WriteAsync($"w{i}", EventsOfAWriter)));

        foreach (var reader in readers)
        {
            (await reader).ShouldBe(Numbers(start, Writers * EventsOfAWriter));
        }
    }

    [Fact]
    public async Task A_thousand_readers_all_get_every_change()
    {
        await using var server = await EventServer.StartAsync(database);
        var followers = await Task.WhenAll(Enumerable.Range(0, 1_000).Select(_ => server.FollowAsync()));
        var start = await NewestAsync();

        var taken = Task.WhenAll(followers.Select(follower => follower.TakeAsync(20)));
        await WriteAsync("crowd", 20);

        foreach (var events in await taken)
        {
            events.Select(e => Number(e.EventId)).ShouldBe(Numbers(start, 20));
        }
        await Task.WhenAll(followers.Select(follower => follower.DisposeAsync().AsTask()));
    }

    [Fact]
    public async Task Who_does_not_keep_up_is_dropped_and_gets_the_rest_when_it_comes_back()
    {
        await using var server = await EventServer.StartAsync(database);
        var start = await NewestAsync();
        await using var sleeper = await server.FollowAsync();

        // More than what sockets take and the queue holds.
        await WriteAsync("sleeper", 6_000, new string('x', 4_000));
        await Wait.UntilAsync(() => server.Http.Log.Lines.Any(line => line.Text.StartsWith("Dropped 1 ", Same)));

        List<long> numbers = [];
        while (await sleeper.NextAsync() is { } one)
        {
            numbers.Add(Number(one.EventId));
        }
        numbers.Count.ShouldBeInRange(1, 5_999);
        await using var again = await server.FollowAsync(sleeper.LastEventId);
        numbers.AddRange((await again.TakeAsync(6_000 - numbers.Count)).Select(e => Number(e.EventId)));
        numbers.ShouldBe(Numbers(start, 6_000));
    }

    [Fact]
    public async Task Only_what_the_filter_takes_comes()
    {
        await using var server = await EventServer.StartAsync(database);
        var start = await NewestAsync();
        await using var live = await server.FollowAsync(query: "?type=operation&namespace=ns-a&cluster=filter-a");

        await WriteAsync("filter-a", 1, ns: "ns-a");
        await WriteAsync("filter-a", 1, ns: "ns-b", type: "operation");
        await WriteAsync("filter-b", 1, ns: "ns-a", type: "operation");
        await WriteAsync("filter-a", 1, ns: "ns-a", type: "operation");

        (await live.NextAsync())!.Value.EventId.ShouldBe($"{start + 4}");
        await using var later = await server.FollowAsync($"{start}", "?namespace=ns-a&cluster=filter-a");
        (await later.TakeAsync(2))
            .Select(e => (e.EventType, Number(e.EventId)))
            .ShouldBe([("cluster", start + 1), ("operation", start + 4)]);
    }

    [Fact]
    public async Task A_number_that_is_too_old_or_of_another_database_means_to_look_anew()
    {
        await WriteAsync("old", 3);
        var old = await NewestAsync() - 2;
        await WriteAsync("older", 3, at: Rows.Noon.AddYears(-1));
        var purged = await NewestAsync() - 2;
        await new Retention(database.Stores, Retention.History, Retention.History).PurgeFeedAsync(
            Rows.Noon.AddDays(-30),
            CancellationToken.None
        );
        var newest = await NewestAsync();
        // Started now: a server that was still reading what is thrown away would stand at a lower number.
        await using var server = await EventServer.StartAsync(database);

        foreach (var number in new[] { purged - 1, newest + 1_000 })
        {
            await using var follower = await server.FollowAsync($"{number}");
            var reset = (await follower.NextAsync())!.Value;
            reset.EventType.ShouldBe("reset");
            reset.EventId.ShouldBe($"{newest}");
            reset.Data.ShouldBe($$"""{"id":{{newest}}}""");
        }
        await using var fine = await server.FollowAsync($"{old}");
        (await fine.NextAsync())!.Value.EventType.ShouldBe("cluster");
    }

    [Fact]
    public async Task A_sign_of_life_comes_every_fifteen_seconds_and_carries_the_number()
    {
        await using var server = await EventServer.StartAsync(database);
        var newest = await NewestAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/events");
        request.Headers.Add("X-API-Key", ProbeServer.ViewerKey);
        using var answer = await server.Http.Client.SendAsync(
            request,
            HttpCompletionOption.ResponseHeadersRead,
            TestContext.Current.CancellationToken
        );
        using var lines = new StreamReader(
            await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken)
        );
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        (await LinesAsync(lines, 3)).ShouldBe(["retry: 1000", $"id: {newest}", ""]);

        for (var beat = 0; beat < 2; beat++)
        {
            var read = LinesAsync(lines, 3);
            while (!read.IsCompleted)
            {
                // More than once, for a heart that was not there yet.
                server.Http.Time.Advance(TimeSpan.FromSeconds(15));
                await Task.WhenAny(read, Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System));
            }

            (await read).ShouldBe([": still here", $"id: {newest}", ""]);
        }
    }

    [Fact]
    public async Task A_server_that_stops_ends_its_streams()
    {
        await using var server = await EventServer.StartAsync(database);
        await using var follower = await server.FollowAsync();

        var stopped = server.StopAsync();

        (await follower.NextAsync()).ShouldBeNull();
        await stopped;
    }

    [Theory]
    [InlineData("?type=pods", "1")]
    [InlineData("", "x")]
    [InlineData("", "-1")]
    [InlineData("?last_event_id=1.5", null)]
    public async Task What_cannot_be_read_is_refused(string query, string? after)
    {
        await using var server = await EventServer.StartAsync(database);

        using var refused = await server.Http.SendAsync(
            "GET",
            $"/api/events{query}",
            headers: after is null ? [] : [("Last-Event-ID", after)]
        );

        refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task Nobody_follows_without_a_credential()
    {
        await using var server = await EventServer.StartAsync(database);

        using var refused = await server.Http.SendAsync("GET", "/api/events", key: null);

        refused.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    /// <summary>Reads until a number, coming back to one of the servers after every few events.</summary>
    private static async Task<List<long>> ReadAsync(EventServer[] servers, long start, long until, Random random)
    {
        List<long> numbers = [];
        var last = start.ToString(CultureInfo.InvariantCulture);
        while (Number(last) < until)
        {
            await using var follower = await servers[random.Next(servers.Length)].FollowAsync(last);
            for (var left = random.Next(1, 800); left > 0 && Number(last) < until; left--)
            {
                if (await follower.NextAsync() is not { } one)
                {
                    break;
                }
                one.EventType.ShouldBe("cluster");
                last = one.EventId!;
                numbers.Add(Number(last));
            }
        }
        return numbers;
    }

    private async Task WriteAsync(
        string name,
        int count,
        string data = "{}",
        string ns = "ns",
        string type = "cluster",
        DateTimeOffset? at = null
    )
    {
        var random = new Random(count);
        while (count > 0)
        {
            var some = Math.Min(count, random.Next(1, 8));
            count -= some;
            await database.Stores.TransactAsync(
                store =>
                {
                    store.Feed.AddRange(Enumerable.Range(0, some).Select(_ => Row(name, data, ns, type, at)));
                    return Task.CompletedTask;
                },
                CancellationToken.None
            );
        }
    }

    private static FeedRow Row(string name, string data, string ns, string type, DateTimeOffset? at) =>
        new()
        {
            Id = FeedNumbers.Provisional(),
            At = at ?? Rows.Noon,
            Type = type,
            ClusterId = Guid.Empty,
            Namespace = ns,
            Name = name,
            Data = data,
        };

    private Task<long> NewestAsync() =>
        database.Stores.ReadAsync(store => FeedNumbers.NewestAsync(store, CancellationToken.None));

    private static async Task<List<string?>> LinesAsync(StreamReader reader, int count)
    {
        List<string?> lines = [];
        while (lines.Count < count)
        {
            lines.Add(await reader.ReadLineAsync(TestContext.Current.CancellationToken));
        }
        return lines;
    }

    private static long Number(string? id) => long.Parse(id!, CultureInfo.InvariantCulture);

    private static IEnumerable<long> Numbers(long after, int count) =>
        Enumerable.Range(1, count).Select(i => after + i);

    private const StringComparison Same = StringComparison.Ordinal;
}
