using System.Collections.Concurrent;

namespace VClusterManager.Server.Storage;

/// <summary>
/// When things of one kind were last used on this server; written down once a minute, never while somebody waits. It is a
/// hint: what a server had in memory when it was killed is lost.
/// </summary>
/// <param name="save">Writes one down, unless a later time is there already.</param>
/// <param name="isPressing">The first use after a pause of more than a minute is written down at once: others decide by it.</param>
internal sealed class LastUse(Func<Store, Guid, DateTimeOffset, CancellationToken, Task> save, bool isPressing = false)
{
    private readonly ConcurrentDictionary<Guid, DateTimeOffset> _seen = [];

    // Only where it is pressing: what was used within the last minute or so.
    private readonly ConcurrentDictionary<Guid, DateTimeOffset> _lately = [];
    private TaskCompletionSource _pressed = NewSignal();

    /// <summary>Ends when there is something that should be written down at once. Take it before writing.</summary>
    public Task Pressed => Volatile.Read(ref _pressed).Task;

    public void Saw(Guid thing, DateTimeOffset now)
    {
        _seen[thing] = now;
        if (isPressing && !(now - _lately.GetValueOrDefault(thing) < LastUseWriter.Interval))
        {
            _lately[thing] = now;
            Interlocked.Exchange(ref _pressed, NewSignal()).TrySetResult();
        }
    }

    /// <summary><see langword="null"/>: not since it was last written down.</summary>
    public DateTimeOffset? LastOf(Guid thing) => _seen.TryGetValue(thing, out var last) ? last : null;

    /// <summary>In one transaction, in the order of their ids, so that two servers do not wait for each other.</summary>
    public async Task WriteAsync(StoreFactory stores, CancellationToken cancellation)
    {
        KeyValuePair<Guid, DateTimeOffset>[] seen = [.. _seen.OrderBy(entry => entry.Key)];
        if (seen.Length == 0)
        {
            return;
        }

        await stores.TransactAsync(
            async store =>
            {
                foreach (var (thing, at) in seen)
                {
                    await save(store, thing, at, cancellation);
                }
            },
            cancellation
        );
        Wrote(seen);
    }

    private void Wrote(KeyValuePair<Guid, DateTimeOffset>[] seen)
    {
        foreach (var entry in seen)
        {
            // What was used since then stays.
            _seen.TryRemove(entry);
            if (isPressing)
            {
                _lately[entry.Key] = entry.Value;
            }
        }

        var newest = seen.Max(entry => entry.Value);
        foreach (var entry in _lately.Where(entry => newest - entry.Value >= LastUseWriter.Interval))
        {
            _lately.TryRemove(entry);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
