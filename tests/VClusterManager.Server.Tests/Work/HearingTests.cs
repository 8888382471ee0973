using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using VClusterManager.Server.Tests.TestHost;
using VClusterManager.Server.Work;
using Xunit;

namespace VClusterManager.Server.Tests.Work;

/// <summary>Whether a server hears the others is tried, not believed.</summary>
public sealed class HearingTests(PostgresDatabase database) : WorkLoopFixture(database), IClassFixture<PostgresDatabase>
{
    [Fact]
    public async Task A_pooler_that_swallows_notifications_is_noticed_and_so_is_its_end()
    {
        await using var pooler = new SwallowingPooler(database.Options.ConnectionString);
        await StartAsync();
        using var listener = Listener(pooler.ConnectionString);
        await listener.StartAsync(CancellationToken.None);

        await Wait.UntilAsync(() => Hearing.Problem is not null);
        Hearing.Problem.ShouldNotBeNull().ShouldContain("database.listen_url");

        pooler.Swallows = false;
        await Wait.UntilAsync(() => Hearing.Problem is null);
        await listener.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_wait_of_less_than_a_millisecond_ends_too()
    {
        await using var pooler = new SwallowingPooler(database.Options.ConnectionString);
        await StartAsync();
        using var listener = Listener(pooler.ConnectionString, TimeSpan.FromMicroseconds(500));
        await listener.StartAsync(CancellationToken.None);

        await Wait.UntilAsync(() => Hearing.Problem is not null);
        await listener.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_direct_address_for_listening_hears()
    {
        await StartAsync();
        using var listener = Listener(null);
        Hearing.Problem = "not tried yet";
        await listener.StartAsync(CancellationToken.None);

        await Wait.UntilAsync(() => Hearing.Problem is null);
        await listener.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_database_that_is_away_is_said_too()
    {
        await StartAsync();
        using var listener = Listener(null);
        await listener.StartAsync(CancellationToken.None);
        await listener.Listening.WaitAsync(Limit);

        await database.TakeAwayAsync();
        await Wait.UntilAsync(() => Hearing.Problem is not null);
        await database.BringBackAsync();

        await Wait.UntilAsync(() => Hearing.Problem is null);
        await listener.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Who_is_deaf_looks_each_second()
    {
        Hearing.Problem = "nothing is heard";
        await StartAsync(new WorkSettings { Poll = TimeSpan.FromDays(1), Lease = TimeSpan.FromDays(1) });
        var elsewhere = new WorkQueue(database.Stores, Time, Settings);
        await EnqueueAsync("a", queue: elsewhere);

        (await PassUntilAsync(Handler.NextAsync())).End(WorkOutcome.Done);

        // Long before the day that it waits otherwise; the clock runs far ahead of the database here.
        (Time.GetUtcNow() - Rows.Noon).ShouldBeLessThan(TimeSpan.FromHours(1));
    }

    private WorkListener Listener(string? through, TimeSpan? limit = null) =>
        new(
            Queue,
            Hearing,
            Access,
            database.Stores,
            database.Database,
            database.Options with
            {
                ListenConnectionString = through,
            },
            TimeProvider.System,
            NullLogger<WorkListener>.Instance
        )
        {
            ProbeLimit = limit ?? TimeSpan.FromMilliseconds(500),
            BetweenProbes = TimeSpan.FromMilliseconds(200),
        };
}
