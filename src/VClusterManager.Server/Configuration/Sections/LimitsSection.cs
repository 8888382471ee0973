using VClusterManager.Server.Configuration.Keys;

namespace VClusterManager.Server.Configuration.Sections;

/// <summary>How much one caller may ask for.</summary>
internal static class LimitsSection
{
    private const int MaxRate = 1_000_000;

    public static readonly KeySection Section = new(
        "server.limits",
        "How much one caller may ask for. They are there for accidents (a loop without a pause), not for quotas, and hold "
            + "for each server by itself. What is over a limit is answered with 429 and `Retry-After`. Of what comes in a "
            + "second, ten times as much may come at once after a time of quiet. Probes are never limited."
    );

    private static readonly Key<int> Reads = Section.Add(
        new Key<int>(Types.Integer(1, MaxRate))
        {
            Name = "reads_per_second",
            Default = "500",
            Doc = "Reads in a second by one caller (one API key, one user).",
        }
    );

    private static readonly Key<int> Changes = Section.Add(
        new Key<int>(Types.Integer(1, MaxRate))
        {
            Name = "changes_per_second",
            Default = "50",
            Doc = "Changes in a second by one caller, also those that are refused.",
        }
    );

    private static readonly Key<int> Anonymous = Section.Add(
        new Key<int>(Types.Integer(1, MaxRate))
        {
            Name = "anonymous_per_second",
            Default = "50",
            Doc =
                "Requests in a second from one address without a valid credential (of IPv6 addresses the first 64 bits "
                + "count). Behind a load balancer that is not in `server.trusted_proxies`, all of them have its address.",
        }
    );

    private static readonly Key<int> Logins = Section.Add(
        new Key<int>(Types.Integer(1, MaxRate))
        {
            Name = "logins_per_minute",
            Default = "30",
            Doc = "Logins with a password in a minute from one address, and as many at once.",
        }
    );

    private static readonly Key<int> Deliveries = Section.Add(
        new Key<int>(Types.Integer(1, MaxRate))
        {
            Name = "deliveries_per_second",
            Default = "300",
            Doc =
                "Deliveries of webhooks in a second from one address, signed or not. Providers send from few addresses, and do "
                + "not all come back with what was turned away.",
        }
    );

    private static readonly Key<int> InFlight = Section.Add(
        new Key<int>(Types.Integer(1, MaxRate))
        {
            Name = "requests_in_flight",
            Default = "500",
            Doc =
                "Requests of one caller that are being answered at the same time, with those that wait for an outcome "
                + "(`wait=`). Streams (events, logs) and what is answered from memory (lists of clusters, single ones) do not count.",
        }
    );

    private static readonly Key<int> BodyKib = Section.Add(
        new Key<int>(Types.Integer(1, 102_400))
        {
            Name = "body_kib",
            Default = "1024",
            Doc = "The largest body of a request in KiB; a larger one is answered with 413.",
        }
    );

    private static readonly Key<TimeSpan> RequestTimeout = Section.Add(
        new Key<TimeSpan>(Types.Duration(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10)))
        {
            Name = "request_timeout",
            Default = "1m",
            Doc =
                "How long a request may take before it is given up and answered with 503. Streams, and requests that wait "
                + "for an outcome (`wait=`), may take longer.",
        }
    );

    public static LimitOptions Read(ConfigurationValues values) =>
        new()
        {
            ReadsPerSecond = values.Get(Reads),
            ChangesPerSecond = values.Get(Changes),
            AnonymousPerSecond = values.Get(Anonymous),
            LoginsPerMinute = values.Get(Logins),
            DeliveriesPerSecond = values.Get(Deliveries),
            RequestsInFlight = values.Get(InFlight),
            BodyBytes = values.Get(BodyKib) * 1024L,
            RequestTimeout = values.Get(RequestTimeout),
        };
}
