using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Shouldly;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Tests.TestHost;
using VClusterManager.Server.Work;
using Xunit;

namespace VClusterManager.Server.Tests.Work;

public sealed class SqliteHostedWorkTests(SqliteDatabase database)
    : HostedWorkTests(database),
        IClassFixture<SqliteDatabase>
{
    [Fact]
    public async Task A_second_server_on_the_same_file_does_not_start()
    {
        var options = TestOptions.Over(await Database.CreateAsync());
        using var first = Build(options);
        await first.StartAsync();
        using var second = Build(options);

        var refused = await Should.ThrowAsync<DatabaseRefusedException>(() => second.StartAsync());

        refused.Message.ShouldContain("is in use by process");
        await first.StopAsync();
    }
}

public sealed class PostgresHostedWorkTests(PostgresDatabase database)
    : HostedWorkTests(database),
        IClassFixture<PostgresDatabase>
{
    [Fact]
    public async Task A_server_whose_database_is_away_stays_up_and_works_when_it_is_back()
    {
        await database.TakeAwayAsync();
        using var host = Build(TestOptions.Over(database.Options));
        await host.StartAsync();
        var prepared = host.Services.GetRequiredService<Database>();
        prepared.IsReady.ShouldBeFalse();

        await database.BringBackAsync();

        await prepared.Ready.WaitAsync(Limit);
        await RunsAsync(host);
        await host.StopAsync();
    }

    [Fact]
    public async Task A_loop_whose_database_went_away_goes_on_when_it_is_back()
    {
        using var host = Build(TestOptions.Over(database.Options));
        await host.StartAsync();
        await RunsAsync(host);

        await database.TakeAwayAsync();
        host.Services.GetRequiredService<WorkQueue>().Wake();
        await database.BringBackAsync();

        await RunsAsync(host);
        await host.StopAsync();
    }

    [Fact]
    public async Task Two_servers_run_every_item_once()
    {
        using var first = Build(TestOptions.Over(database.Options));
        using var second = Build(TestOptions.Over(database.Options));
        await Task.WhenAll(first.StartAsync(), second.StartAsync());
        var queue = first.Services.GetRequiredService<WorkQueue>();

        await database.Stores.TransactAsync(
            async store =>
            {
                for (var i = 0; i < 100; i++)
                {
                    await queue.EnqueueAsync(store, Kind, $"{i}", TimeProvider.System.GetUtcNow());
                }
            },
            CancellationToken.None
        );
        queue.Wake();

        var keys = new ConcurrentBag<string>();
        using var enough = new CancellationTokenSource();
        await Task.WhenAll(EndAllAsync(first, keys, enough), EndAllAsync(second, keys, enough)).WaitAsync(Limit);

        keys.Count.ShouldBe(100);
        keys.ShouldBeUnique();
        await Task.WhenAll(first.StopAsync(), second.StopAsync());
    }

    private static async Task EndAllAsync(IHost host, ConcurrentBag<string> keys, CancellationTokenSource enough)
    {
        await foreach (var run in Handler(host).AllAsync(enough.Token))
        {
            keys.Add(run.Context.Claim.Key);
            run.End(WorkOutcome.Done);
            if (keys.Count == 100)
            {
                await enough.CancelAsync();
            }
        }
    }
}

public abstract class HostedWorkTests(TestDatabase database)
{
    private protected const string Kind = "hosted";
    private protected static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private protected TestDatabase Database => database;

    [Fact]
    public async Task A_server_prepares_its_database_and_works()
    {
        using var host = Build(TestOptions.Over(await database.CreateAsync()));
        host.Services.GetRequiredService<Database>().IsReady.ShouldBeFalse();

        await host.StartAsync();

        await RunsAsync(host);
        await host.StopAsync();
    }

    [Fact]
    public async Task A_server_that_is_read_only_leaves_work_alone()
    {
        var options = TestOptions.Over(await database.CreateAsync());
        using var host = Build(options with { Server = options.Server with { ReadOnly = true } });
        await host.StartAsync();
        await EnqueueAsync(host);
        var loop = host.Services.GetServices<IHostedService>().OfType<WorkLoop>().Single();

        await loop.ExecuteTask!.WaitAsync(Limit);

        Handler(host).HasNone.ShouldBeTrue();
        await host.StopAsync();
    }

    private protected static IHost Build(ManagerOptions options)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(options);
        builder.Services.AddStorage().AddWork();
        builder.Services.AddSingleton<IWorkHandler>(new TestHandler(Kind));
        var host = builder.Build();
        host.Services.GetRequiredService<WriteAccess>().Open(Timeout.InfiniteTimeSpan, "");
        return host;
    }

    private protected static async Task RunsAsync(IHost host)
    {
        await EnqueueAsync(host);
        (await Handler(host).NextAsync()).End(WorkOutcome.Done);
    }

    private protected static TestHandler Handler(IHost host) =>
        host.Services.GetServices<IWorkHandler>().OfType<TestHandler>().Single();

    private static async Task EnqueueAsync(IHost host)
    {
        var queue = host.Services.GetRequiredService<WorkQueue>();
        await host
            .Services.GetRequiredService<StoreFactory>()
            .TransactAsync(
                store => queue.EnqueueAsync(store, Kind, Rows.UniqueName(), TimeProvider.System.GetUtcNow()),
                CancellationToken.None
            );
        queue.Wake();
    }
}
