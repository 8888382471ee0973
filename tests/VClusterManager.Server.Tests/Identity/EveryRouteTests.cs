using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using VClusterManager.Server.Identity;
using VClusterManager.Server.Tests.TestHost;
using Xunit;

namespace VClusterManager.Server.Tests.Identity;

/// <summary>
/// Every route of the application by everybody who may come. Routes are taken from the application itself: one that is
/// added has to be decided here.
/// </summary>
public sealed class EveryRouteTests(EveryRouteHost host) : IClassFixture<EveryRouteHost>
{
    /// <summary>What a route asks of its callers.</summary>
    private abstract record Rule
    {
        /// <summary>Nothing.</summary>
        public sealed record Open : Rule;

        /// <summary>A role; what is shown is narrowed down, and not refused.</summary>
        public sealed record Needs(Role Role) : Rule;

        /// <summary>A role, and to see the cluster that it is about: for the others it is not there.</summary>
        public sealed record Sees(Role Role) : Rule;

        /// <summary>To see the cluster; a credential for this cluster alone is taken, too. Behind it nothing answers here.</summary>
        public sealed record Door : Rule;

        /// <summary>To be an admin, or the one that it belongs to (which nobody is here).</summary>
        public sealed record OwnOnly : Rule;
    }

    /// <param name="Path">The request that is sent; {name}, {ns}, {operation} and {key} are there.</param>
    private sealed record Case(string Route, Rule Rule, string Path, object? Body = null);

    private const string OneCluster = "/api/clusters/{name}";
    private const string Delivery = "/api/webhooks/deliveries/";
    private const string NoDelivery = "01930000-0000-7000-8000-000000000009";
    private const string Proxy = "/k8s/{namespace}/{name}/{**path}";

    private static readonly Rule Open = new Rule.Open();

    private static readonly Case[] Decided =
    [
        new("GET /health", Open, "/health"),
        new("GET /livez", Open, "/livez"),
        new("GET /readyz", Open, "/readyz"),
        new("GET /metrics", new Rule.Needs(Role.Viewer), "/metrics"),
        new("GET /api/info", Open, "/api/info"),
        new("GET /openapi/v1.json", Open, "/openapi/v1.json"),
        new("GET /docs/{documentName?}", Open, "/docs/v1"),
        new("GET /docs/scalar.js", Open, "/docs/scalar.js"),
        new("GET /docs/scalar.aspnetcore.js", Open, "/docs/scalar.aspnetcore.js"),
        new("GET /docs/favicon.svg", Open, "/docs/favicon.svg"),
        new("POST /token", Open, "/token", new { username = "x" }),
        new("GET /api/me", new Rule.Needs(Role.Viewer), "/api/me"),
        new("GET /api/keys", new Rule.Needs(Role.Viewer), "/api/keys"),
        new("POST /api/keys", new Rule.Needs(Role.Viewer), "/api/keys", new { name = "!", role = "viewer" }),
        new("DELETE /api/keys/{id:guid}", new Rule.OwnOnly(), "/api/keys/{key}"),
        new("GET /api/clusters", new Rule.Needs(Role.Viewer), "/api/clusters"),
        new("POST /api/clusters", new Rule.Needs(Role.Editor), "/api/clusters", new { name = "-" }),
        new("POST /api/clusters:validate", new Rule.Needs(Role.Editor), "/api/clusters:validate", new { name = "-" }),
        new("GET " + OneCluster, new Rule.Sees(Role.Viewer), OneCluster),
        new("PATCH " + OneCluster, new Rule.Sees(Role.Editor), OneCluster, new { labels = new { a = "b" } }),
        new("DELETE " + OneCluster, new Rule.Sees(Role.Editor), OneCluster),
        new(
            "POST " + OneCluster + "/extend",
            new Rule.Sees(Role.Editor),
            OneCluster + "/extend",
            new { ttl_hours = 1 }
        ),
        new("POST " + OneCluster + "/retry", new Rule.Sees(Role.Editor), OneCluster + "/retry"),
        new("POST " + OneCluster + "/pause", new Rule.Sees(Role.Editor), OneCluster + "/pause"),
        new("POST " + OneCluster + "/resume", new Rule.Sees(Role.Editor), OneCluster + "/resume"),
        new("POST " + OneCluster + "/adopt", new Rule.Needs(Role.Admin), OneCluster + "/adopt"),
        new("GET " + OneCluster + "/kubeconfig", new Rule.Sees(Role.Viewer), OneCluster + "/kubeconfig?namespace={ns}"),
        new("GET " + OneCluster + "/tokens", new Rule.Sees(Role.Viewer), OneCluster + "/tokens"),
        new("POST " + OneCluster + "/tokens", new Rule.Sees(Role.Viewer), OneCluster + "/tokens", new { ttl = "5m" }),
        new(
            "DELETE " + OneCluster + "/tokens/{id:guid}",
            new Rule.Sees(Role.Viewer),
            OneCluster + "/tokens/01930000-0000-7000-8000-000000000009"
        ),
        new("GET " + Proxy, new Rule.Door(), "/k8s/{ns}/{name}/api/v1/pods"),
        new("POST " + Proxy, new Rule.Door(), "/k8s/{ns}/{name}/api/v1/namespaces", new { }),
        new("DELETE " + Proxy, new Rule.Door(), "/k8s/{ns}/{name}/api/v1/namespaces/x"),
        new("GET " + OneCluster + "/logs", new Rule.Sees(Role.Viewer), OneCluster + "/logs?namespace={ns}"),
        new("GET " + OneCluster + "/history", new Rule.Sees(Role.Viewer), OneCluster + "/history"),
        new("GET /api/operations", new Rule.Needs(Role.Viewer), "/api/operations"),
        new("GET /api/operations/{id:guid}", new Rule.Sees(Role.Viewer), "/api/operations/{operation}"),
        new("GET /api/operations/{id:guid}/log", new Rule.Sees(Role.Viewer), "/api/operations/{operation}/log"),
        new("POST /api/operations/{id:guid}/cancel", new Rule.Sees(Role.Editor), "/api/operations/{operation}/cancel"),
        new("GET /api/events", new Rule.Needs(Role.Viewer), "/api/events?last_event_id=none"),
        new("GET /api/orphans", new Rule.Needs(Role.Viewer), "/api/orphans"),
        new("POST /api/prune", new Rule.Needs(Role.Admin), "/api/prune", new { dry_run = true }),
        new("GET /api/usage", new Rule.Needs(Role.Viewer), "/api/usage"),
        new("GET /api/audit", new Rule.Needs(Role.Admin), "/api/audit"),
        new("GET /api/dynamic", new Rule.Needs(Role.Viewer), "/api/dynamic"),
        new("POST /api/dynamic:validate", new Rule.Needs(Role.Admin), "/api/dynamic:validate", "endpoints: []"),
        new("POST /webhooks/github", Open, "/webhooks/github", new { }),
        new("POST /webhooks/bitbucket", Open, "/webhooks/bitbucket", new { }),
        new("POST /webhooks/gitlab", Open, "/webhooks/gitlab", new { }),
        new("GET /api/webhooks/deliveries", new Rule.Needs(Role.Viewer), "/api/webhooks/deliveries"),
        new("GET " + Delivery + "{id:guid}", new Rule.Needs(Role.Viewer), Delivery + NoDelivery),
        new("POST " + Delivery + "{id:guid}/replay", new Rule.Needs(Role.Editor), Delivery + NoDelivery + "/replay"),
        new("DELETE /api/orphans/{id}", new Rule.Needs(Role.Admin), "/api/orphans/none"),
    ];

    public static TheoryData<string> Routes => [.. Decided.Select(one => one.Route)];

    [Fact]
    public void Every_route_is_decided() =>
        RoutesOf(host.Services.GetRequiredService<EndpointDataSource>())
            .ShouldBe(
                Decided.Select(one => one.Route),
                ignoreOrder: true,
                "a new route needs a line above that says who may come"
            );

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Everybody_gets_what_was_decided(string route)
    {
        var decided = Decided.Single(one => one.Route == route);
        var method = route.Split(' ')[0];
        foreach (var who in host.Everybody)
        {
            // A log is missing by itself here, and a HEAD has no words to tell that from a hidden cluster.
            var hasHead = method == "GET" && !route.EndsWith("/logs", StringComparison.Ordinal);
            foreach (var sent in hasHead ? (string[])["GET", "HEAD"] : [method])
            {
                var path = await host.SeedAsync(decided.Path);
                var answer = await who.Caller.SendAsync(sent, path, decided.Body);

                var why = $"{sent} {path} by {who.Name}: {answer.Status} {answer.Text}";
                answer.Status.ShouldBeLessThan(decided.Rule is Rule.Door ? 504 : 500, why);
                answer.Status.ShouldNotBe(500, why);
                Meaning(answer, sent, decided.Rule).ShouldBe(Expected(decided.Rule, who), why);
            }
        }
    }

    [Fact]
    public async Task Where_nothing_is_nobody_learns_it()
    {
        foreach (var who in host.Everybody)
        {
            var answer = await who.Caller.GetAsync("/api/nothing/here");

            answer.Status.ShouldBe(
                who.Role is null ? 401
                    : who.ForOneCluster ? 403
                    : 404,
                who.Name
            );
        }
    }

    private enum Outcome
    {
        LetIn,
        NobodyKnown,
        RoleTooSmall,
        NotThere,
    }

    private static Outcome Expected(Rule rule, EveryRouteHost.Somebody who) =>
        (rule, who.Role) switch
        {
            (Rule.Open, _) => Outcome.LetIn,
            (_, null) => Outcome.NobodyKnown,
            (_, _) when who.ForOneCluster => Outcome.RoleTooSmall,
            (Rule.Door, _) => who.SeesIt ? Outcome.LetIn : Outcome.NotThere,
            (Rule.Needs needs, { } role) => role < needs.Role ? Outcome.RoleTooSmall : Outcome.LetIn,
            (Rule.Sees sees, { } role) => role < sees.Role ? Outcome.RoleTooSmall
            : who.SeesIt ? Outcome.LetIn
            : Outcome.NotThere,
            (_, { } role) => role == Role.Admin ? Outcome.LetIn : Outcome.NotThere,
        };

    private static Outcome Meaning(Answer answer, string method, Rule rule) =>
        answer.Status switch
        {
            401 => Outcome.NobodyKnown,
            403 => Outcome.RoleTooSmall,
            404 when method == "HEAD" => rule is Rule.Needs ? Outcome.LetIn : Outcome.NotThere,
            404 when rule is not Rule.Needs && IsHidden(Words(answer)) => Outcome.NotThere,
            _ => Outcome.LetIn,
        };

    /// <summary>Kubernetes clients are told in their own form.</summary>
    private static string Words(Answer answer) =>
        (answer.Json["detail"] ?? answer.Json["message"])?.GetValue<string>() ?? "";

    private static bool IsHidden(string detail) =>
        detail.StartsWith("There is no cluster ", StringComparison.Ordinal)
        || detail.StartsWith("There is no operation ", StringComparison.Ordinal)
        || detail.StartsWith("There is no API key ", StringComparison.Ordinal);

    private static IEnumerable<string> RoutesOf(EndpointDataSource source) =>
        source
            .Endpoints.OfType<RouteEndpoint>()
            .SelectMany(endpoint =>
                (endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET", "POST", "DELETE"])
                    .Where(method => !HttpMethods.IsHead(method))
                    .Select(method => $"{method} {endpoint.RoutePattern.RawText?.TrimEnd('/')}")
            );
}
