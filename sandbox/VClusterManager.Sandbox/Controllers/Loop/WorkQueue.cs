using System.Threading.Channels;

namespace VClusterManager.Sandbox.Controllers.Loop;

/// <summary>
/// Names to look at again, each at most once in the queue however often it is added. What is added for later joins
/// the queue when its time has come; the earliest time counts.
/// </summary>
internal sealed class WorkQueue(TimeProvider time) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly HashSet<WorkItem> _waiting = [];
    private readonly Dictionary<WorkItem, (DateTimeOffset Due, ITimer Timer)> _later = [];
    private readonly Channel<WorkItem> _ready = Channel.CreateUnbounded<WorkItem>();
    private bool _disposed;

    public void Add(WorkItem item)
    {
        lock (_lock)
        {
            if (!_disposed && _waiting.Add(item))
            {
                _ready.Writer.TryWrite(item);
            }
        }
    }

    public void AddAfter(WorkItem item, TimeSpan delay)
    {
        if (delay <= TimeSpan.Zero)
        {
            Add(item);
            return;
        }

        var due = time.GetUtcNow() + delay;
        lock (_lock)
        {
            if (_disposed || (_later.TryGetValue(item, out var planned) && planned.Due <= due))
            {
                return;
            }

            planned.Timer?.Dispose();
            _later[item] = (due, time.CreateTimer(_ => Promote(item, due), null, delay, Timeout.InfiniteTimeSpan));
        }
    }

    public async ValueTask<WorkItem> TakeAsync(CancellationToken cancel)
    {
        var item = await _ready.Reader.ReadAsync(cancel);
        lock (_lock)
        {
            _waiting.Remove(item);
        }

        return item;
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            foreach (var (_, timer) in _later.Values)
            {
                timer.Dispose();
            }

            _later.Clear();
        }
    }

    private void Promote(WorkItem item, DateTimeOffset due)
    {
        lock (_lock)
        {
            if (_later.TryGetValue(item, out var planned) && planned.Due == due)
            {
                planned.Timer.Dispose();
                _later.Remove(item);
            }
        }

        Add(item);
    }
}

/// <summary>An object for one controller to look at.</summary>
internal readonly record struct WorkItem(IController Controller, string Namespace, string Name);
