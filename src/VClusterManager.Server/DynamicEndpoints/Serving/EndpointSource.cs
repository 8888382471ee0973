using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.Primitives;
using VClusterManager.Server.Audit;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.DynamicEndpoints.Definitions;
using VClusterManager.Server.DynamicEndpoints.Running;
using VClusterManager.Server.Http.Guards;
using VClusterManager.Server.Http.OpenApi;
using VClusterManager.Server.Identity;

namespace VClusterManager.Server.DynamicEndpoints.Serving;

/// <summary>
/// The routes of the endpoints that are served. A new set takes the place of the old one at once, for all requests that are
/// routed from then on; those that are going on end as they began. An endpoint of which a new set says the same is the same:
/// its answers, its rate and its runs stay.
/// </summary>
internal sealed class EndpointSource(
    CommandRunner runner,
    EndpointCalls calls,
    ApiDocument document,
    DynamicEndpointsOptions options,
    TimeProvider time
) : EndpointDataSource, IDisposable
{
    public const string Prefix = "/api/dynamic";

    private readonly Lock _gate = new();
    private readonly RunSlots _slots = new(options.MaxParallel, time);
    private volatile Served _served = new([], []);
    private CancellationTokenSource _change = new();

    public override IReadOnlyList<Endpoint> Endpoints => _served.Routes;

    /// <summary>In the order of the file.</summary>
    public IReadOnlyList<EndpointDefinition> Definitions => [.. _served.Live.Select(l => l.Definition)];

    public override IChangeToken GetChangeToken()
    {
        lock (_gate)
        {
            return new CancellationChangeToken(_change.Token);
        }
    }

    public void Serve(IReadOnlyList<EndpointDefinition> definitions)
    {
        CancellationTokenSource before;
        lock (_gate)
        {
            var known = _served.Live.ToDictionary(l => l.Definition.Fingerprint, StringComparer.Ordinal);
            List<LiveEndpoint> live =
            [
                .. definitions.Select(d =>
                    known.GetValueOrDefault(d.Fingerprint) ?? new LiveEndpoint(d, runner, _slots, time)
                ),
            ];
            _served = new Served(live, [.. live.Select(Route)]);
            (before, _change) = (_change, new CancellationTokenSource());
        }

        // Whoever is told asks at once for what is there now, and for the next change.
        before.Cancel();
        document.Changed();
    }

    public void Dispose() => _change.Dispose();

    private RouteEndpoint Route(LiveEndpoint endpoint)
    {
        var definition = endpoint.Definition;
        var builder = new RouteEndpointBuilder(
            calls.Of(endpoint),
            RoutePatternFactory.Parse(Prefix + definition.Path),
            order: 0
        )
        {
            DisplayName = $"dynamic {definition.Name}",
        };
        builder.Metadata.Add(new HttpMethodMetadata([definition.Method]));
        Conventions conventions = new(builder);
        conventions.RequireRole(definition.Role).AuditedAs($"dynamic.{definition.Name}");
        // The command has a limit of its own.
        builder.Metadata.Add(new DisableRequestTimeoutAttribute());
        if (definition.Output == EndpointOutput.Stream)
        {
            conventions.IsUnbounded().EndsWithCredential();
        }

        if (definition.IsRead)
        {
            // What is answered from memory in any number is counted, and all else is kept one by one.
            _ = definition.Cache is null ? conventions.GivesAccess() : conventions.IsCounted();
        }

        return (RouteEndpoint)builder.Build();
    }

    private sealed record Served(IReadOnlyList<LiveEndpoint> Live, IReadOnlyList<Endpoint> Routes);

    /// <summary>Lets the words that routes are described with be said of one that is being built.</summary>
    private sealed class Conventions(EndpointBuilder builder) : IEndpointConventionBuilder
    {
        public void Add(Action<EndpointBuilder> convention) => convention(builder);
    }
}
