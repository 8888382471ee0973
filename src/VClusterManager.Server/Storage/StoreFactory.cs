using System.Data;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using VClusterManager.Server.Configuration;

namespace VClusterManager.Server.Storage;

/// <summary>Opens the database, and runs changes in transactions. Touches nothing before it is first used.</summary>
/// <remarks>
/// PostgreSQL runs at <c>READ COMMITTED</c>: what must hold across rows is held by a unique index, a row version or a
/// claim, never by having looked first. SQLite takes its write lock when a transaction begins, so that nothing is
/// upgraded half-way; writers of this process queue up for it in order instead of polling the file.
/// </remarks>
internal sealed class StoreFactory : IDisposable, IAsyncDisposable
{
    /// <summary>Where PostgreSQL says that the feed has grown.</summary>
    public const string FeedChannel = "vcluster_manager_feed";

    /// <summary>Where PostgreSQL says that API keys were made or taken away.</summary>
    public const string KeysChannel = "vcluster_manager_keys";

    private const int MaxAttempts = 12;
    private static readonly TimeSpan TurnTimeout = TimeSpan.FromSeconds(30);

    private readonly Func<Store> _open;
    private readonly NpgsqlDataSource? _postgres;
    private readonly string? _sqlite;
    private readonly SemaphoreSlim? _turn;
    private readonly Lazy<IModel> _model;

    public StoreFactory(DatabaseOptions options)
    {
        Kind = options.Kind;
        if (options.Kind == DatabaseKind.Sqlite)
        {
            _sqlite = SqliteSettings.ConnectionString(options);
            _turn = new SemaphoreSlim(1, 1);
            _open = new PooledDbContextFactory<SqliteStore>(SqliteSettings.Context(_sqlite)).CreateDbContext;
        }
        else
        {
            _postgres = PostgresSettings.DataSource(options);
            _open = new PooledDbContextFactory<PostgresStore>(PostgresSettings.Context(_postgres)).CreateDbContext;
        }

        _model = new Lazy<IModel>(() =>
        {
            using var store = _open();
            return store.Model;
        });
    }

    public DatabaseKind Kind { get; }

    public DatabaseReach Reach { get; } = new();

    /// <summary>Something was committed to the feed, here or on another server. Must not block.</summary>
    public event Action? FeedGrown;

    /// <summary>Another server has committed something to the feed.</summary>
    public void HearOfFeed() => FeedGrown?.Invoke();

    /// <summary>Another server has made or taken away API keys. Must not block.</summary>
    public event Action? KeysChanged;

    /// <summary>Another server has made or taken away API keys.</summary>
    public void HearOfKeys() => KeysChanged?.Invoke();

    /// <summary>For reading with queries of one's own; its exceptions are the provider's (see <see cref="DatabaseErrors"/>).</summary>
    public Store Open() => _open();

    /// <summary>Reads. Throws <see cref="DatabaseUnavailableException"/> when the database is away.</summary>
    public async Task<T> ReadAsync<T>(Func<Store, Task<T>> read)
    {
        using var call = new DatabaseCall("read", Reach);
        try
        {
            await using var store = _open();
            var result = await read(store);
            call.Succeeded();
            return result;
        }
        catch (Exception e) when (DatabaseErrors.Classify(e) == DatabaseError.Unavailable)
        {
            call.Unavailable();
            throw DatabaseErrors.Translate(e, _model.Value);
        }
    }

    /// <summary>
    /// Runs a change in one transaction and saves what it changed; again from the start when it met a concurrent one (a
    /// serialization failure, a deadlock, a row version that moved). The change must be safe to run again, and touch
    /// nothing but its store. Enqueue work first and change rows after it: everybody locks in that order.
    /// </summary>
    /// <exception cref="UniqueViolationException">Something that must be unique was there already.</exception>
    /// <exception cref="DatabaseUnavailableException">
    /// The database is away. If it went away during the commit itself, the change may have been saved.
    /// </exception>
    public async Task<T> TransactAsync<T>(Func<Store, Task<T>> change, CancellationToken cancellation)
    {
        using var call = new DatabaseCall("write", Reach);
        for (var attempt = 1; ; attempt++)
        {
            var committing = false;
            try
            {
                using var turn = await TakeTurnAsync(cancellation);
                await using var store = _open();
                await using var transaction = await BeginAsync(store, cancellation);
                var done = await ConnectedAsync(
                    store,
                    async () =>
                    {
                        var made = await MakeAsync(store, change, cancellation);
                        committing = true;
                        // Giving up during a commit would leave nobody knowing whether it happened.
                        await transaction.CommitAsync(CancellationToken.None);
                        return made;
                    }
                );
                call.Succeeded();
                done.Ticket?.Committed();
                if (done.IsTold)
                {
                    FeedGrown?.Invoke();
                }
                return done.Result;
            }
            catch (Exception e) when (MayRunAgain(e, attempt, committing))
            {
                StoreMetrics.Conflicted();
                await PauseAsync(attempt, cancellation);
            }
            catch (Exception e) when (DatabaseErrors.Classify(e) == DatabaseError.Unavailable)
            {
                call.Unavailable();
                throw DatabaseErrors.Translate(e, _model.Value);
            }
            catch (Exception e) when (DatabaseErrors.Classify(e) == DatabaseError.Unique)
            {
                throw DatabaseErrors.Translate(e, _model.Value);
            }
        }
    }

    /// <summary>Runs a change and saves what it changed, as <see cref="TransactAsync{T}"/> does, and takes it all back.</summary>
    public async Task<T> RehearseAsync<T>(Func<Store, Task<T>> change, CancellationToken cancellation)
    {
        using var turn = await TakeTurnAsync(cancellation);
        await using var store = _open();
        await using var transaction = await BeginAsync(store, cancellation);
        var made = await ConnectedAsync(store, () => MakeAsync(store, change, cancellation));
        await transaction.RollbackAsync(cancellation);
        return made.Result;
    }

    /// <inheritdoc cref="TransactAsync{T}"/>
    public Task TransactAsync(Func<Store, Task> change, CancellationToken cancellation) =>
        TransactAsync(
            async store =>
            {
                await change(store);
                return true;
            },
            cancellation
        );

    /// <summary>Closes the connections that wait in the pool; SQLite then folds its write-ahead log into the file.</summary>
    public void CloseIdleConnections()
    {
        _postgres?.Clear();
        if (_sqlite is not null)
        {
            using var connection = new SqliteConnection(_sqlite);
            SqliteConnection.ClearPool(connection);
        }
    }

    public void Dispose()
    {
        CloseIdleConnections();
        _postgres?.Dispose();
        _turn?.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        CloseIdleConnections();
        _turn?.Dispose();
        if (_postgres is not null)
        {
            await _postgres.DisposeAsync();
        }
    }

    // A pooled connection that a failover cut is found out by its first use: nothing was committed, so once more. After
    // a commit was sent, only the server knows.
    private bool MayRunAgain(Exception exception, int attempt, bool committing) =>
        DatabaseErrors.Classify(exception) switch
        {
            DatabaseError.Conflict => attempt < MaxAttempts,
            DatabaseError.Unavailable => attempt == 1 && !committing && _postgres is not null,
            _ => false,
        };

    // The winner has committed when the loser hears of it, so the first tries need no pause. It is contention between
    // real connections that passes here: real time, whatever clock the server runs by.
    private static Task PauseAsync(int attempt, CancellationToken cancellation) =>
        attempt < 3
            ? Task.CompletedTask
            : Task.Delay(
                TimeSpan.FromMilliseconds(Random.Shared.Next(5, 10 * attempt)),
                TimeProvider.System,
                cancellation
            );

    private async Task<Turn> TakeTurnAsync(CancellationToken cancellation) =>
        _turn is null || await _turn.WaitAsync(TurnTimeout, cancellation)
            ? new Turn(_turn)
            : throw new DatabaseUnavailableException("The database is busy with another change.");

    /// <summary>
    /// A command that meets a lost connection says so; one that comes after it says that its transaction has ended, as if that
    /// were a mistake of ours.
    /// </summary>
    private static async Task<T> ConnectedAsync<T>(Store store, Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception e)
            when (e is InvalidOperationException or DbUpdateException
                && store.Database.GetDbConnection().State != ConnectionState.Open
            )
        {
            throw DatabaseErrors.Unavailable(e);
        }
    }

    /// <summary>
    /// Whoever falls silent in the middle of a change (a node without power closes no connection) holds what others wait for:
    /// PostgreSQL ends it after a while, and not when the network has given up after hours. For the transaction alone, which
    /// a pooler passes on.
    /// </summary>
    private async Task<IDbContextTransaction> BeginAsync(Store store, CancellationToken cancellation)
    {
        var transaction = await store.Database.BeginTransactionAsync(cancellation);
        if (Kind == DatabaseKind.Postgres)
        {
            await store.Database.ExecuteSqlRawAsync(
                "SET LOCAL idle_in_transaction_session_timeout = '5s'",
                cancellation
            );
        }
        return transaction;
    }

    /// <summary>Everything of a change but its end.</summary>
    private async Task<(T Result, AuditTicket? Ticket, bool IsTold)> MakeAsync<T>(
        Store store,
        Func<Store, Task<T>> change,
        CancellationToken cancellation
    )
    {
        var result = await change(store);
        var ticket = AuditTicket.AddTo(store);
        return (result, ticket, await SaveAsync(store, cancellation));
    }

    /// <summary>Saves what was changed, and last of all numbers what the feed tells of it. Says whether it tells anything.</summary>
    private async Task<bool> SaveAsync(Store store, CancellationToken cancellation)
    {
        var told = FeedNumbers.TakeFrom(store);
        await store.SaveChangesAsync(cancellation);
        if (told.Count == 0)
        {
            return false;
        }
        await FeedNumbers.AppendAsync(store, told, cancellation);
        await NotifyAsync(store, cancellation);
        return true;
    }

    // Sent with the commit; the payload is empty, so a burst is one notification.
    private Task NotifyAsync(Store store, CancellationToken cancellation) =>
        Kind == DatabaseKind.Postgres
            ? store.Database.ExecuteSqlAsync($"SELECT pg_notify({FeedChannel}, '')", cancellation)
            : Task.CompletedTask;

    private readonly struct Turn(SemaphoreSlim? held) : IDisposable
    {
        public void Dispose() => held?.Release();
    }
}
