using System.Collections.Concurrent;

namespace VClusterManager.Server.Storage;

/// <summary>
/// Saves together what comes at the same time: while one commit goes on, the next ones gather, and the first of them takes
/// all along. Alone, nobody waits for anybody.
/// </summary>
/// <param name="most">How many are saved by one commit.</param>
/// <param name="room">How many may wait, those included that are being saved: who comes beyond it waits in vain.</param>
/// <param name="save">
/// Saves all or nothing, and gives a result for each, in order. What fails for several is done again for each of them alone,
/// so that nobody fails for another.
/// </param>
internal sealed class GroupCommit<TItem, TResult>(
    int most,
    Func<IReadOnlyList<TItem>, Task<IReadOnlyList<TResult>>> save,
    int room = 1024
) : IDisposable
{
    private readonly ConcurrentQueue<Waiting> _waiting = new();
    private readonly SemaphoreSlim _turn = new(1, 1);
    private int _inside;

    /// <returns>Once it is saved.</returns>
    /// <exception cref="DatabaseUnavailableException">Too many wait already; nothing was saved.</exception>
    public async Task<TResult> AddAsync(TItem item)
    {
        try
        {
            return Interlocked.Increment(ref _inside) <= room
                ? await WaitAsync(item)
                : throw new DatabaseUnavailableException("The database is busy, and too many wait for it.");
        }
        finally
        {
            Interlocked.Decrement(ref _inside);
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task<TResult> WaitAsync(TItem item)
    {
        var mine = new Waiting(item);
        _waiting.Enqueue(mine);
        await _turn.WaitAsync();
        try
        {
            while (!mine.Saved.Task.IsCompleted)
            {
                await SaveAsync(Gathered());
            }
        }
        finally
        {
            _turn.Release();
        }

        return await mine.Saved.Task;
    }

    private List<Waiting> Gathered()
    {
        List<Waiting> gathered = [];
        while (gathered.Count < most && _waiting.TryDequeue(out var next))
        {
            gathered.Add(next);
        }

        return gathered;
    }

    private async Task SaveAsync(List<Waiting> gathered)
    {
        try
        {
            var results = await save([.. gathered.Select(one => one.Item)]);
            foreach (var (one, result) in gathered.Zip(results))
            {
                one.Saved.SetResult(result);
            }
        }
        catch (Exception e) when (gathered.Count == 1 || e is DatabaseUnavailableException)
        {
            gathered.ForEach(one => one.Saved.SetException(e));
        }
        catch (Exception)
        {
            foreach (var one in gathered)
            {
                await SaveAsync([one]);
            }
        }
    }

    private sealed class Waiting(TItem item)
    {
        public TItem Item { get; } = item;

        public TaskCompletionSource<TResult> Saved { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
