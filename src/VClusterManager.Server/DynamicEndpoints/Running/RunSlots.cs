using System.Diagnostics.CodeAnalysis;
using System.Threading.RateLimiting;

namespace VClusterManager.Server.DynamicEndpoints.Running;

/// <summary>So many runs at the same time. Some more wait for their turn, in order and not for ever; the rest is sent away.</summary>
[SuppressMessage(
    "Design",
    "CA1001",
    Justification = "It holds memory alone, and runs that go on after their endpoint has gone still leave their places."
)]
internal sealed class RunSlots(int most, TimeProvider time)
{
    /// <summary>Who waits, for each run that may go on.</summary>
    internal const int WaitingForEach = 8;

    private readonly ConcurrencyLimiter _limiter = new(
        new ConcurrencyLimiterOptions
        {
            PermitLimit = most,
            QueueLimit = most * WaitingForEach,
            QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
        }
    );

    /// <returns>A place, which is left by disposing of it; <see langword="null"/>: there was none in time.</returns>
    public async ValueTask<RateLimitLease?> EnterAsync(TimeSpan patience, CancellationToken cancellation)
    {
        using CancellationTokenSource limit = new(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            var place = await _limiter.AcquireAsync(cancellationToken: either.Token);
            return place.IsAcquired ? place : null;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return null;
        }
    }
}
