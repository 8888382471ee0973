using System.Threading.RateLimiting;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Identity;

namespace VClusterManager.Server.Access.Proxy;

/// <summary>
/// How many answers that go on, or are held until a cluster is awake, each caller may have open on this server, whatever they
/// came with.
/// </summary>
internal sealed class StreamLimit(AccessOptions options) : IDisposable
{
    private readonly PartitionedRateLimiter<Principal> _limiter = PartitionedRateLimiter.Create<Principal, string>(
        who =>
            RateLimitPartition.GetConcurrencyLimiter(
                who.Identity,
                _ => new ConcurrencyLimiterOptions { PermitLimit = options.MaxStreams }
            )
    );

    /// <summary>To be disposed of when the answer has ended; one that was not acquired is one too many.</summary>
    public RateLimitLease Open(Principal who) => _limiter.AttemptAcquire(who);

    public void Dispose() => _limiter.Dispose();
}
