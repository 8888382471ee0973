using VClusterManager.Server.Configuration;

namespace VClusterManager.Server.Clusters.Lifecycle;

/// <summary>
/// At most <c>vcluster.max_parallel</c> CLI runs at once in this server. Who finds none free leaves its name; the one that
/// was asked for first is called when one comes back, and it is kept for that one for a moment. Who does not come any more
/// may have been run by another server: its name is forgotten.
/// </summary>
internal sealed class CliSlots(ManagerOptions options, TimeProvider time)
{
    /// <summary>How soon who stands in line looks again, called or not.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan Reservation = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, (DateTimeOffset Asked, DateTimeOffset Seen)> _waiting = [];
    private readonly Dictionary<Guid, ITimer> _called = [];
    private int _taken;

    /// <summary>Calls the next in line: look at this cluster now. Must not block.</summary>
    public event Action<Guid>? Called;

    /// <summary>A slot, to be disposed; <see langword="null"/>: all are taken, and the cluster stands in line.</summary>
    /// <param name="asked">When the operation was asked for: workers come in any order, the line has that one.</param>
    public Slot? TryTake(Guid cluster, DateTimeOffset asked)
    {
        lock (_gate)
        {
            EndCall(cluster);
            if (IsFree)
            {
                _waiting.Remove(cluster);
                _taken++;
                return new Slot(this);
            }
            _waiting[cluster] = (asked, time.GetUtcNow());
            return null;
        }
    }

    /// <summary>A slot for what does not stand in line; <see langword="null"/>: none is free.</summary>
    public Slot? TryTakeNow()
    {
        lock (_gate)
        {
            if (!IsFree)
            {
                return null;
            }
            _taken++;
            return new Slot(this);
        }
    }

    private bool IsFree => _taken + _called.Count < options.VCluster.MaxParallel;

    private void GiveBack() => CallNext(() => _taken--);

    /// <summary>Frees a slot and keeps it for the first in line, in one: nobody comes in between.</summary>
    private void CallNext(Action free)
    {
        Guid next;
        lock (_gate)
        {
            free();
            var lost = time.GetUtcNow() - (2 * Pause);
            foreach (var (cluster, (_, seen)) in _waiting)
            {
                if (seen < lost)
                {
                    _waiting.Remove(cluster);
                }
            }
            if (_waiting.Count == 0 || !IsFree)
            {
                return;
            }
            next = _waiting.MinBy(waits => (waits.Value.Asked, waits.Key)).Key;
            _waiting.Remove(next);
            _called[next] = time.CreateTimer(_ => Lapse(next), null, Reservation, Timeout.InfiniteTimeSpan);
        }
        Called?.Invoke(next);
    }

    /// <summary>Who was called has not come: the next one is.</summary>
    private void Lapse(Guid cluster) => CallNext(() => EndCall(cluster));

    private void EndCall(Guid cluster)
    {
        if (_called.Remove(cluster, out var lapses))
        {
            lapses.Dispose();
        }
    }

    internal sealed class Slot(CliSlots slots) : IDisposable
    {
        private int _given;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _given, 1) == 0)
            {
                slots.GiveBack();
            }
        }
    }
}
