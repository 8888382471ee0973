using System.Threading.Channels;
using VClusterManager.Server.Identity;

namespace VClusterManager.Server.Operations.Events;

/// <summary>What a reader wants to see; null: everything.</summary>
internal sealed record EventFilter(string? Type, string? Namespace, string? Cluster)
{
    /// <summary>Whoever reads: what one may not see is no event.</summary>
    public required Principal Who { get; init; }

    /// <param name="owner">Whose own the cluster is.</param>
    public bool Takes(string type, string @namespace, string name, string? owner) =>
        (Type is null || Type == type)
        && (Namespace is null || Namespace == @namespace)
        && (Cluster is null || Cluster == name)
        && Who.MaySee(@namespace, owner);
}

/// <summary>One who follows the feed. Its queue is short: who falls behind is dropped, never buffered for.</summary>
/// <param name="after">The number that it has: what comes with no higher one is not for it.</param>
internal sealed class EventReader(EventFilter filter, long after)
{
    /// <summary>Events that may wait. A browser tab that sleeps fills it in a busy minute.</summary>
    public const int MaxWaiting = 1_024;

    private readonly Channel<FeedEvent> _waiting = Channel.CreateBounded<FeedEvent>(
        new BoundedChannelOptions(MaxWaiting) { SingleReader = true, SingleWriter = true }
    );

    public EventFilter Filter { get; } = filter;

    public ChannelReader<FeedEvent> Waiting => _waiting.Reader;

    /// <summary>False: it has fallen behind, and its queue is closed.</summary>
    public bool Offer(IReadOnlyList<FeedEvent> events)
    {
        foreach (var one in events)
        {
            if (Takes(one) && !_waiting.Writer.TryWrite(one))
            {
                _waiting.Writer.TryComplete();
                return false;
            }
        }
        return true;
    }

    private bool Takes(FeedEvent one) =>
        one.Type == FeedEvent.EveryReader
            ? one.Id >= after
            : one.Id > after && Filter.Takes(one.Type, one.Namespace, one.Name, one.Owner);

    public void End() => _waiting.Writer.TryComplete();
}
