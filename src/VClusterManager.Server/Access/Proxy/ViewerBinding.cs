using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using VClusterManager.Server.Clusters;
using VClusterManager.Server.Http;

namespace VClusterManager.Server.Access.Proxy;

/// <summary>
/// Keeps the binding inside a cluster that lets viewers see what the role <c>view</c> shows: everything but secrets. It is
/// made when the first viewer comes, and again when somebody has removed it.
/// </summary>
internal sealed class ViewerBinding(TimeProvider time)
{
    private const string Path = "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings";

    private const string Role = "view";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMinutes(1);

    /// <returns>Why it cannot be there; <see langword="null"/>: it is.</returns>
    public async ValueTask<Problem?> KeepAsync(ClusterClient client, CancellationToken cancellation)
    {
        if (client.ViewersBoundAt is var at and not 0 && time.GetElapsedTime(at) < LookEvery)
        {
            return null;
        }

        using var limit = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            var why = await BindAsync(client, either.Token);
            client.ViewersBoundAt = why is null ? time.GetTimestamp() : 0;
            return why is null ? null : Unbound(client, why);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Unbound(client, "it did not answer in time");
        }
    }

    private static async Task<string?> BindAsync(ClusterClient client, CancellationToken cancellation)
    {
        using var made = await SendAsync(client, HttpMethod.Post, Path, Binding(), cancellation);
        if (made.StatusCode == HttpStatusCode.Created)
        {
            return null;
        }

        if (made.StatusCode != HttpStatusCode.Conflict)
        {
            return $"it answered {(int)made.StatusCode}";
        }

        // Who is master in there may have made it lead elsewhere.
        using var there = await SendAsync(
            client,
            HttpMethod.Get,
            $"{Path}/{ProxyTransformer.Viewers}",
            body: null,
            cancellation
        );
        await using var text = await there.Content.ReadAsStreamAsync(cancellation);
        var role = (await JsonNode.ParseAsync(text, cancellationToken: cancellation))?["roleRef"];
        return (string?)role?["kind"] == "ClusterRole" && (string?)role["name"] == Role
            ? null
            : $"its ClusterRoleBinding {ProxyTransformer.Viewers} does not bind the ClusterRole {Role}: delete it";
    }

    private static async Task<HttpResponseMessage> SendAsync(
        ClusterClient client,
        HttpMethod method,
        string path,
        string? body,
        CancellationToken cancellation
    )
    {
        using var request = new HttpRequestMessage(method, client.Address + path);
        request.Version = HttpVersion.Version20;
        request.VersionPolicy = HttpVersionPolicy.RequestVersionOrLower;
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        return await client.Http.SendAsync(request, cancellation);
    }

    private static Problem Unbound(ClusterClient client, string why) =>
        new(ProblemKind.Unavailable, $"Viewers cannot be bound to what they may see in cluster {client.Key}: {why}.")
        {
            RetryAfter = TimeSpan.FromSeconds(1),
        };

    private static string Binding() =>
        new JsonObject
        {
            ["apiVersion"] = "rbac.authorization.k8s.io/v1",
            ["kind"] = "ClusterRoleBinding",
            ["metadata"] = new JsonObject
            {
                ["name"] = ProxyTransformer.Viewers,
                ["labels"] = new JsonObject { [ClusterStamps.ManagedByLabel] = ClusterStamps.ManagedByValue },
            },
            ["roleRef"] = new JsonObject
            {
                ["apiGroup"] = "rbac.authorization.k8s.io",
                ["kind"] = "ClusterRole",
                ["name"] = Role,
            },
            ["subjects"] = new JsonArray(
                new JsonObject
                {
                    ["apiGroup"] = "rbac.authorization.k8s.io",
                    ["kind"] = "Group",
                    ["name"] = ProxyTransformer.Viewers,
                }
            ),
        }.ToJsonString();
}
