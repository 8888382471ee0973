using Microsoft.Extensions.DependencyInjection;
using VClusterManager.Server.Operations.Events;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Tests.Http;
using VClusterManager.Server.Tests.TestHost;
using VClusterManager.Server.Work;
using Xunit;

namespace VClusterManager.Server.Tests.Operations.Events;

/// <summary>A server that streams the feed of a test's database, beside others on the same one.</summary>
internal sealed class EventServer : IAsyncDisposable
{
    private readonly ProbeServer _server;
    private readonly StoreFactory _stores;
    private readonly bool _ownsStores;

    private EventServer(ProbeServer server, StoreFactory stores, bool ownsStores)
    {
        _server = server;
        _stores = stores;
        _ownsStores = ownsStores;
    }

    public ProbeServer Http => _server;

    public static async Task<EventServer> StartAsync(TestDatabase database)
    {
        // SQLite has one process, which knows of its own commits; servers on PostgreSQL hear of each other's.
        var own = database is PostgresDatabase;
        var stores = own ? new StoreFactory(database.Options) : database.Stores;
        var server = await ProbeServer.StartAsync(
            routes => routes.MapEvents(),
            services =>
            {
                services.AddSingleton(stores);
                services.AddSingleton(database.Database);
                services.AddSingleton<EventFeed>();
                services.AddHostedService(provider => provider.GetRequiredService<EventFeed>());
                services.AddSingleton<EventStream>();
                services.AddSingleton(database.Options);
                services.AddSingleton<WorkSettings>();
                services.AddSingleton<WorkQueue>();
                services.AddSingleton<Hearing>();
                services.AddSingleton(new WriteAccess(TestOptions.Over(database.Options), TimeProvider.System));
                services.AddSingleton<WorkListener>();
                services.AddHostedService(provider => provider.GetRequiredService<WorkListener>());
            }
        );
        var started = new EventServer(server, stores, own);
        if (own)
        {
            await server.Services.GetRequiredService<WorkListener>().Listening;
        }
        await server.Services.GetRequiredService<EventFeed>().Ready;
        return started;
    }

    /// <summary>Follows the feed; it begins with what the server says first.</summary>
    public async Task<EventFollower> FollowAsync(string? after = null, string query = "")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/events{query}");
        request.Headers.Add("X-API-Key", ProbeServer.ViewerKey);
        if (after is not null)
        {
            request.Headers.Add("Last-Event-ID", after);
        }
        var cancellation = TestContext.Current.CancellationToken;
        var answer = await _server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        answer.EnsureSuccessStatusCode();
        return new EventFollower(answer, await answer.Content.ReadAsStreamAsync(cancellation));
    }

    public Task StopAsync() => _server.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        if (_ownsStores)
        {
            await _stores.DisposeAsync();
        }
    }
}
