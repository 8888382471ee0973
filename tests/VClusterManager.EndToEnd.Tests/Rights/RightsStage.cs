using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using VClusterManager.Contracts;
using VClusterManager.EndToEnd.Tests.TestHost;
using Xunit;

namespace VClusterManager.EndToEnd.Tests.Rights;

/// <summary>
/// A server with a running cluster, and the things to do with it that need rights. Each tells in words what came of it,
/// as people get to read it.
/// </summary>
public sealed class RightsStage : IAsyncLifetime
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(60);

    private ServerProcess? _server;
    private RoleRules[]? _roles;
    private int _clusters;

    public RightsHost Host { get; } = new();

    /// <summary>All roles of the manager, as the manifests have them.</summary>
    public IReadOnlyList<RoleRules> Roles => _roles!;

    /// <summary>A cluster that runs.</summary>
    public ClusterPlace Cluster { get; } = new("stage");

    private ServerProcess Server => _server!;

    public async ValueTask InitializeAsync()
    {
        await Host.InitializeAsync();
        _roles =
        [
            await Host.RoleAsync(RightsHost.Used),
            await Host.RoleAsync(RightsHost.PassedOn),
            await Host.RoleAsync(RightsHost.Endpoints),
            await Host.LeaseRoleAsync(),
        ];
        _server = await Host.StartServerAsync();
        await MakeAsync(Cluster);
    }

    public ValueTask DisposeAsync() => Host.DisposeAsync();

    /// <summary>A name that no cluster has had.</summary>
    public ClusterPlace NewPlace() => new($"c{++_clusters}");

    public async Task MakeAsync(ClusterPlace place)
    {
        var made = await Server.Api.CreateAsync(new ClusterCreate { Name = place.Name }, Wait);
        if (made.Status != ClusterStatus.Running)
        {
            throw new InvalidOperationException($"{place.Name} is {made.Status}: {made.Message}\n{Host.Output}");
        }
    }

    /// <summary>A cluster in a namespace that stays, with objects of these kinds that are its own.</summary>
    public async Task MakeInForeignNamespaceAsync(ClusterPlace place, params string[] kinds)
    {
        await Host.Host.RunAsync("create", "namespace", place.Namespace);
        await MakeAsync(place);
        await Host.Host.RunAsync("apply", "-f", await Host.FileAsync("left.yaml", Leftovers.Of(place, kinds)));
    }

    /// <summary>Another server begins, until the host has refused it one of these and its readiness tells so.</summary>
    public async Task<string> StartAsync(RightsRule rule)
    {
        var rights = rule.Rights.ToHashSet();
        var server = Host.AddServer();
        server.Launch();
        var (told, _) = await Eventually.SeesAsync(
            $"{rule.Title} are refused, and readiness tells of it",
            async () => (Told: await ReadinessAsync(server), Needed: await Host.Control.RightsAsync()),
            seen =>
                rule.Resources.Any(resource => seen.Told.Contains(resource, StringComparison.Ordinal))
                && seen.Needed.Any(right => !right.Allowed && rights.Contains(right.ToString()))
        );
        await server.KillAsync();
        return told;
    }

    /// <summary>A create of a new cluster, and how it ended.</summary>
    public async Task<string> CreateAsync(JsonObject? values = null)
    {
        var create = new ClusterCreate { Name = NewPlace().Name, Values = values };
        return await EndOfAsync((await Server.Api.CreateAsync(create)).Operation!.Id);
    }

    public async Task<string> DeleteAsync(ClusterPlace place) =>
        await EndOfAsync((await Server.Api.DeleteAsync(place.Name)).Id);

    /// <summary>A delete, and which objects of these kinds have not even been marked for it.</summary>
    public async Task<string> DeleteAndLookAsync(ClusterPlace place, RightsRule rule)
    {
        var told = await DeleteAsync(place);
        foreach (var kind in rule.Resources)
        {
            var left = await Host.Host.ListAsync(kind, place.Namespace);
            if (left.Any(one => one["metadata"]!["deletionTimestamp"] is null))
            {
                told += $"\nleft behind: {kind}";
            }
        }

        return told;
    }

    public async Task<string> ReadAsync(string path)
    {
        var answer = await Server.SendAsync(HttpMethod.Get, path);
        return $"{answer.Status} {answer.Detail}";
    }

    /// <summary>The first request to the cluster: later ones would go through a connection that stands.</summary>
    public async Task<string> ThroughProxyAsync()
    {
        var token = await Server.Api.MakeTokenAsync(Cluster.Name);
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.Token);
        var address = new Uri(Server.Address, $"/k8s/{Cluster.Namespace}/{Cluster.Name}/version");
        using var answer = await http.GetAsync(address);
        return $"{answer.StatusCode} {await answer.Content.ReadAsStringAsync()}";
    }

    private async Task<string> EndOfAsync(string operation)
    {
        var ended = await Eventually.SeesAsync(
            "the operation ends",
            () => Server.Api.OperationAsync(operation),
            seen => seen.State is not (OperationState.Queued or OperationState.Running)
        );
        return $"{ended.State} {ended.Message}\n{await Server.Api.OperationLogAsync(operation)}";
    }

    private static async Task<string> ReadinessAsync(ServerProcess server)
    {
        try
        {
            var answer = await server.SendAsync(HttpMethod.Get, "/readyz");
            return string.Join('\n', (answer.Body?["problems"] as JsonArray ?? []).Select(problem => (string?)problem));
        }
        catch (HttpRequestException)
        {
            return "";
        }
    }
}
