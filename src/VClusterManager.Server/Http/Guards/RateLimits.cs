using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Http.Failures;
using VClusterManager.Server.Identity;

namespace VClusterManager.Server.Http.Guards;

/// <summary>
/// How many requests a caller may send: by principal where a valid credential was shown, else by address. Each has two
/// buckets, for reads and for changes, which fill up again all the time and hold ten seconds' worth.
/// </summary>
internal static class RateLimits
{
    /// <summary>Counts what is being answered. All routes have it, but for those without a limit of time.</summary>
    public const string InFlight = "in_flight";

    /// <summary>Neither timed nor counted as in flight.</summary>
    public const string Unbounded = "unbounded";

    /// <summary>Logins with a password.</summary>
    public const string Logins = "logins";

    /// <summary>Deliveries of webhooks: many come from few addresses, and one that is turned away is lost.</summary>
    public const string Deliveries = "deliveries";

    private const int Burst = 10;

    public static void Configure(RateLimiterOptions options, LimitOptions limits)
    {
        // Made once: a request that finds its limiter there makes nothing anew.
        Func<CallerKey, RateLimiter> rate = caller => new TokenBucketRateLimiter(Rate(caller, limits));
        Func<CallerKey, RateLimiter> concurrency = _ => new ConcurrencyLimiter(Concurrency(limits));
        Func<CallerKey, RateLimiter> deliveries = _ => new TokenBucketRateLimiter(
            Bucket(limits.DeliveriesPerSecond, TimeSpan.FromSeconds(1), limits.DeliveriesPerSecond * Burst)
        );
        Func<CallerKey, RateLimiter> logins = _ => new TokenBucketRateLimiter(LoginRate(limits));
        options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, CallerKey>(http =>
            CallerKey.Of(http) is var caller && IsLimitedElsewhere(caller, http.GetEndpoint())
                ? RateLimitPartition.GetNoLimiter(default(CallerKey))
                : RateLimitPartition.Get(caller, rate)
        );
        options.AddPolicy(
            InFlight,
            http => RateLimitPartition.Get(CallerKey.Of(http) with { IsRead = true }, concurrency)
        );
        options.AddPolicy(Unbounded, _ => RateLimitPartition.GetNoLimiter(0));
        options.AddPolicy(Deliveries, http => RateLimitPartition.Get(CallerKey.Anonymous(http), deliveries));
        options.AddPolicy(Logins, http => RateLimitPartition.Get(CallerKey.Anonymous(http), logins));
        options.OnRejected = (rejected, _) => RefuseAsync(rejected);
    }

    private static bool IsLimitedElsewhere(CallerKey caller, Endpoint? route) =>
        (caller.IsKnown && route?.Metadata.GetMetadata<StrangersOnly>() is not null)
        || route?.Metadata.GetMetadata<OwnRate>() is not null;

    private static TokenBucketRateLimiterOptions Rate(CallerKey caller, LimitOptions limits)
    {
        var perSecond =
            !caller.IsKnown ? limits.AnonymousPerSecond
            : caller.IsRead ? limits.ReadsPerSecond
            : limits.ChangesPerSecond;
        return Bucket(perSecond, TimeSpan.FromSeconds(1), perSecond * Burst);
    }

    private static TokenBucketRateLimiterOptions LoginRate(LimitOptions limits) =>
        Bucket(1, TimeSpan.FromMinutes(1) / limits.LoginsPerMinute, limits.LoginsPerMinute);

    // Not by a timer of its own: whoever holds the limiters fills them all up.
    private static TokenBucketRateLimiterOptions Bucket(int tokens, TimeSpan period, int most) =>
        new()
        {
            TokensPerPeriod = tokens,
            ReplenishmentPeriod = period,
            TokenLimit = most,
            AutoReplenishment = false,
        };

    private static ConcurrencyLimiterOptions Concurrency(LimitOptions limits) =>
        new() { PermitLimit = limits.RequestsInFlight };

    private static ValueTask RefuseAsync(OnRejectedContext rejected)
    {
        var isRate = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var wait);
        var who = rejected.HttpContext.FindPrincipal()?.Name ?? "your address";
        var problem = new Problem(
            ProblemKind.TooManyRequests,
            isRate
                ? $"Too many requests of {who} came in a short time."
                : $"Too many requests of {who} are being answered at the same time."
        )
        {
            RetryAfter = isRate ? wait : TimeSpan.FromSeconds(1),
        };
        return new ValueTask(problem.ToResult().ExecuteAsync(rejected.HttpContext));
    }

    /// <summary>Whose requests are counted together.</summary>
    private readonly record struct CallerKey(string Source, string Name, bool IsRead)
    {
        public bool IsKnown => Source.Length > 0;

        public static CallerKey Of(HttpContext http) =>
            http.FindPrincipal() is { } principal
                ? new CallerKey(principal.Source, principal.Name, SafeMethods.Contains(http.Request.Method))
                : Anonymous(http);

        public static CallerKey Anonymous(HttpContext http) =>
            new("", SourceAddress.NetworkOf(http.Connection.RemoteIpAddress), IsRead: false);
    }
}
