using System.Threading.Channels;

namespace VClusterManager.Sandbox.Store;

/// <summary>
/// One watcher's queue of changes. A watcher that falls far behind is cut off rather than kept in memory,
/// as the real server does: its channel completes and the watch ends.
/// </summary>
internal sealed class Subscription : IDisposable
{
    private const int QueueCapacity = 10_000;

    private readonly Channel<Change> _queue = Channel.CreateBounded<Change>(
        new BoundedChannelOptions(QueueCapacity) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait }
    );

    private readonly string? _namespace;
    private readonly Action<Subscription> _unsubscribe;

    public Subscription(string? ns, Action<Subscription> unsubscribe)
    {
        _namespace = ns;
        _unsubscribe = unsubscribe;
    }

    public ChannelReader<Change> Changes => _queue.Reader;

    public void Offer(Change change)
    {
        if ((_namespace is null || _namespace == change.Object.Namespace) && !_queue.Writer.TryWrite(change))
        {
            _queue.Writer.TryComplete();
        }
    }

    public void Dispose()
    {
        _unsubscribe(this);
        _queue.Writer.TryComplete();
    }
}
