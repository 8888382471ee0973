using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using VClusterManager.Contracts;
using VClusterManager.Server.Identity;
using VClusterManager.Server.Identity.Keys;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Tests.TestHost;
using VClusterManager.Server.Work;
using Xunit;

namespace VClusterManager.Server.Tests.Identity.Keys;

/// <summary>What one server does to keys counts on the others, also where notifications are not heard.</summary>
public sealed class KeyReplicaTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private static readonly Principal Admin = new("root", Role.Admin, "api_key", null);

    [Fact]
    public async Task A_key_counts_everywhere_and_is_gone_everywhere_soon()
    {
        await using Replica one = new(database);
        await using Replica other = new(database);
        await one.StartAsync();
        await other.StartAsync();

        var made = await one.Requests.MakeAsync(
            new ApiKeyCreate { Name = Rows.UniqueName(), Role = "editor" },
            Admin,
            CancellationToken.None
        );
        var (id, key) = (Guid.Parse(made.Value.Id), made.Value.Key!);
        one.Check(key).ShouldBeOfType<CredentialAnswer.Accepted>();
        await Wait.UntilAsync(() => other.Check(key) is CredentialAnswer.Accepted);

        (await one.Requests.RevokeAsync(id, Admin, CancellationToken.None)).ShouldBeNull();
        one.Check(key).ShouldBeOfType<CredentialAnswer.Unknown>();
        await Wait.UntilAsync(() => other.Check(key) is CredentialAnswer.Unknown);
    }

    [Fact]
    public async Task Other_servers_are_told_with_the_commit()
    {
        await using Replica one = new(database);
        await using StoreFactory hearing = new(database.Options);
        var options = TestOptions.Over(database.Options);
        using WriteAccess access = new(options, TimeProvider.System);
        using WorkListener listener = new(
            new WorkQueue(hearing, TimeProvider.System, new WorkSettings()),
            new Hearing(),
            access,
            hearing,
            database.Database,
            options.Database,
            TimeProvider.System,
            NullLogger<WorkListener>.Instance
        );
        await listener.StartAsync(CancellationToken.None);
        await listener.Listening.WaitAsync(ManagerHost.Cancellation);
        TaskCompletionSource heard = new();
        hearing.KeysChanged += () => heard.TrySetResult();

        await one.Requests.MakeAsync(
            new ApiKeyCreate { Name = Rows.UniqueName(), Role = "viewer" },
            Admin,
            CancellationToken.None
        );

        await heard.Task.WaitAsync(TimeSpan.FromSeconds(20), ManagerHost.Cancellation);
        await listener.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Two_who_make_a_key_of_one_name_at_once_make_one()
    {
        await using Replica one = new(database);
        await using Replica other = new(database);
        var name = Rows.UniqueName();
        var asked = new[] { one, other, one, other }.Select(replica =>
            replica.Requests.MakeAsync(new ApiKeyCreate { Name = name, Role = "viewer" }, Admin, CancellationToken.None)
        );

        var made = await Task.WhenAll(asked);
        made.Count(outcome => outcome.Problem is null).ShouldBe(1);
        made.Where(outcome => outcome.Problem is not null)
            .ShouldAllBe(outcome => outcome.Problem!.Kind == Server.Http.ProblemKind.Conflict);
    }

    /// <summary>What a server has of keys.</summary>
    private sealed class Replica : IAsyncDisposable
    {
        private readonly StoreFactory _stores;
        private readonly KnownKeys _keys;
        private readonly KeyFollower _follower;
        private readonly WriteAccess _access;

        public Replica(TestDatabase database)
        {
            var options = TestOptions.Over(database.Options);
            KeyOwners owners = new(options.Auth);
            _stores = new StoreFactory(database.Options);
            _keys = new KnownKeys(owners, _stores, TimeProvider.System);
            _follower = new KeyFollower(
                _keys,
                _stores,
                database.Database,
                [],
                TimeProvider.System,
                NullLogger<KeyFollower>.Instance
            );
            _access = new WriteAccess(options, TimeProvider.System);
            Requests = new KeyRequests(_stores, _keys, _follower, owners, _access, TimeProvider.System);
        }

        public KeyRequests Requests { get; }

        public Task StartAsync() => _follower.StartAsync(CancellationToken.None);

        public CredentialAnswer Check(string key) => _keys.Check(key);

        public async ValueTask DisposeAsync()
        {
            await _follower.StopAsync(CancellationToken.None);
            _follower.Dispose();
            _access.Dispose();
            await _stores.DisposeAsync();
        }
    }
}
