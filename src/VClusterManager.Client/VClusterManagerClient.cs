using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using VClusterManager.Contracts;

namespace VClusterManager.Client;

/// <summary>A typed client of the REST API.</summary>
/// <param name="http">
/// Its <see cref="HttpClient.BaseAddress"/> is the server, and it carries the credential (see <see cref="WithApiKey"/>).
/// With waits its <see cref="HttpClient.Timeout"/> must be longer than the longest of them. Not disposed here.
/// </param>
public sealed partial class VClusterManagerClient(HttpClient http)
{
    private static readonly ClientJson Json = ClientJson.Default;

    /// <summary>Makes a client that shows an API key.</summary>
    /// <param name="http">The transport.</param>
    /// <param name="server">The server's address.</param>
    /// <param name="key">The API key.</param>
    public static VClusterManagerClient WithApiKey(HttpClient http, Uri server, string key)
    {
        http.BaseAddress = server;
        http.DefaultRequestHeaders.Add("X-API-Key", key);
        return new VClusterManagerClient(http);
    }

    /// <summary>Asks for a cluster; with <paramref name="wait"/> the answer comes when it is Running, Failed, or the time is up.</summary>
    /// <param name="cluster">What is asked for.</param>
    /// <param name="wait">At most 300 s.</param>
    /// <param name="idempotencyKey">The same request with the same key may be sent again, and makes one cluster.</param>
    /// <param name="cancellation">Ends the wait for the answer.</param>
    /// <exception cref="ProblemException">The server refused.</exception>
    public Task<Cluster> CreateAsync(
        ClusterCreate cluster,
        TimeSpan? wait = null,
        string? idempotencyKey = null,
        CancellationToken cancellation = default
    ) =>
        SendAsync(
            HttpMethod.Post,
            "api/clusters",
            JsonContent.Create(cluster, Json.ClusterCreate),
            wait,
            Json.Cluster,
            cancellation,
            idempotencyKey
        );

    /// <summary>Gets a cluster.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="ns">Its namespace; may be left out where the name is unique.</param>
    /// <param name="include"><c>kubeconfig</c>, <c>values</c>, or both with a comma.</param>
    /// <param name="cancellation">Ends the wait for the answer.</param>
    /// <exception cref="ProblemException">The server refused.</exception>
    public Task<Cluster> GetAsync(
        string name,
        string? ns = null,
        string? include = null,
        CancellationToken cancellation = default
    ) => SendAsync(HttpMethod.Get, Of(name, ns, include: include), null, null, Json.Cluster, cancellation);

    /// <summary>Gets a page of clusters.</summary>
    /// <param name="query">The query string without its question mark, such as <c>status=Running&amp;limit=10</c>.</param>
    /// <param name="cancellation">Ends the wait for the answer.</param>
    /// <exception cref="ProblemException">The server refused.</exception>
    public Task<ClusterList> ListAsync(string query = "", CancellationToken cancellation = default) =>
        SendAsync(HttpMethod.Get, $"api/clusters?{query}", null, null, Json.ClusterList, cancellation);

    /// <summary>Changes a cluster by a JSON merge patch.</summary>
    /// <exception cref="ProblemException">The server refused.</exception>
    public Task<Cluster> PatchAsync(
        string name,
        JsonObject patch,
        TimeSpan? wait = null,
        string? ns = null,
        CancellationToken cancellation = default
    ) =>
        SendAsync(
            HttpMethod.Patch,
            Of(name, ns),
            JsonContent.Create(patch, Json.JsonObject),
            wait,
            Json.Cluster,
            cancellation
        );

    /// <summary>Takes a cluster away; with <paramref name="wait"/> the answer comes when it is gone or the time is up.</summary>
    /// <exception cref="ProblemException">The server refused.</exception>
    public Task<Operation> DeleteAsync(
        string name,
        TimeSpan? wait = null,
        string? ns = null,
        CancellationToken cancellation = default
    ) => SendAsync(HttpMethod.Delete, Of(name, ns), null, wait, Json.Operation, cancellation);

    /// <summary>Runs one of the verbs <c>pause</c>, <c>resume</c>, <c>retry</c> on a cluster.</summary>
    /// <exception cref="ProblemException">The server refused.</exception>
    public Task<Cluster> DoAsync(
        string name,
        string verb,
        TimeSpan? wait = null,
        string? ns = null,
        CancellationToken cancellation = default
    ) => SendAsync(HttpMethod.Post, Of(name, ns, "/" + verb), null, wait, Json.Cluster, cancellation);

    /// <summary>Lets a cluster live longer: until so many hours from now, or until its end if that is later.</summary>
    /// <exception cref="ProblemException">The server refused.</exception>
    public Task<Cluster> ExtendAsync(
        string name,
        int hours,
        string? ns = null,
        CancellationToken cancellation = default
    ) =>
        SendAsync(
            HttpMethod.Post,
            Of(name, ns, "/extend"),
            JsonContent.Create(new ClusterExtend(hours), Json.ClusterExtend),
            null,
            Json.Cluster,
            cancellation
        );

    /// <summary>Takes away clusters whose end was missed, or says what it would do.</summary>
    /// <exception cref="ProblemException">The server refused.</exception>
    public Task<PruneReport> PruneAsync(PruneRequest request, CancellationToken cancellation = default) =>
        SendAsync(
            HttpMethod.Post,
            "api/prune",
            JsonContent.Create(request, Json.PruneRequest),
            null,
            Json.PruneReport,
            cancellation
        );

    /// <summary>Says how long clusters ran and slept.</summary>
    /// <param name="query">Such as <c>group_by=source&amp;from=2026-03-01T00:00:00Z</c>.</param>
    /// <param name="cancellation">Ends the wait for the answer.</param>
    /// <exception cref="ProblemException">The server refused.</exception>
    public Task<UsageReport> UsageAsync(string query = "", CancellationToken cancellation = default) =>
        SendAsync(HttpMethod.Get, $"api/usage?{query}", null, null, Json.UsageReport, cancellation);

    /// <summary>Gets a page of operations, the newest first.</summary>
    /// <param name="query">Such as <c>cluster=demo&amp;limit=500</c>.</param>
    /// <param name="cancellation">Ends the wait for the answer.</param>
    /// <exception cref="ProblemException">The server refused.</exception>
    public Task<OperationList> OperationsAsync(string query = "", CancellationToken cancellation = default) =>
        SendAsync(HttpMethod.Get, $"api/operations?{query}", null, null, Json.OperationList, cancellation);

    /// <summary>Gets an operation.</summary>
    /// <exception cref="ProblemException">The server refused.</exception>
    public Task<Operation> OperationAsync(string id, CancellationToken cancellation = default) =>
        SendAsync(HttpMethod.Get, $"api/operations/{id}", null, null, Json.Operation, cancellation);

    /// <summary>Gets the log of an operation.</summary>
    /// <exception cref="ProblemException">The server refused.</exception>
    public async Task<string> OperationLogAsync(string id, CancellationToken cancellation = default)
    {
        using var response = await http.GetAsync(new Uri($"api/operations/{id}/log", UriKind.Relative), cancellation)
            .ConfigureAwait(false);
        await EnsureAsync(response, cancellation).ConfigureAwait(false);
        return await response.Content.ReadAsStringAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Gets a cluster's history, the newest first.</summary>
    /// <exception cref="ProblemException">The server refused.</exception>
    public Task<HistoryList> HistoryAsync(string name, string? ns = null, CancellationToken cancellation = default) =>
        SendAsync(HttpMethod.Get, Of(name, ns, "/history"), null, null, Json.HistoryList, cancellation);

    /// <summary>Says what the server is.</summary>
    /// <exception cref="ProblemException">The server refused.</exception>
    public Task<ServerInfo> InfoAsync(CancellationToken cancellation = default) =>
        SendAsync(HttpMethod.Get, "api/info", null, null, Json.ServerInfo, cancellation);

    /// <summary>Gets a kubeconfig.</summary>
    /// <param name="name">The cluster's name.</param>
    /// <param name="ns">Its namespace; may be left out where the name is unique.</param>
    /// <param name="query">More of the query string, such as <c>mode=direct</c> or <c>ttl=1h</c>.</param>
    /// <param name="cancellation">Ends the wait for the answer.</param>
    /// <exception cref="ProblemException">The server refused.</exception>
    public async Task<string> GetKubeconfigAsync(
        string name,
        string? ns = null,
        string query = "",
        CancellationToken cancellation = default
    )
    {
        var path = new Uri($"{Of(name, ns, "/kubeconfig")}&{query}", UriKind.Relative);
        using var response = await http.GetAsync(path, cancellation).ConfigureAwait(false);
        await EnsureAsync(response, cancellation).ConfigureAwait(false);
        return await response.Content.ReadAsStringAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Makes a token that opens one cluster.</summary>
    /// <param name="name">The cluster's name.</param>
    /// <param name="ns">Its namespace; may be left out where the name is unique.</param>
    /// <param name="ttl">How long it lasts, such as <c>8h</c>; <see langword="null"/>: the server's usual time.</param>
    /// <param name="cancellation">Ends the wait for the answer.</param>
    /// <exception cref="ProblemException">The server refused.</exception>
    public Task<ClusterToken> MakeTokenAsync(
        string name,
        string? ns = null,
        string? ttl = null,
        CancellationToken cancellation = default
    ) =>
        SendAsync(
            HttpMethod.Post,
            Of(name, ns, "/tokens"),
            JsonContent.Create(new ClusterTokenCreate { Ttl = ttl }, Json.ClusterTokenCreate),
            null,
            Json.ClusterToken,
            cancellation
        );

    /// <summary>Lists deliveries of webhooks, the newest first.</summary>
    /// <param name="query">Filters, such as <c>verdict=refused</c> or <c>provider=github</c>.</param>
    /// <param name="cancellation">Ends the wait for the answer.</param>
    /// <exception cref="ProblemException">The server refused.</exception>
    public Task<WebhookDeliveryList> DeliveriesAsync(string query = "", CancellationToken cancellation = default) =>
        SendAsync(
            HttpMethod.Get,
            $"api/webhooks/deliveries?{query}",
            null,
            null,
            Json.WebhookDeliveryList,
            cancellation
        );

    /// <summary>Gets a delivery of a webhook.</summary>
    /// <exception cref="ProblemException">The server refused.</exception>
    public Task<WebhookDelivery> DeliveryAsync(string id, CancellationToken cancellation = default) =>
        SendAsync(HttpMethod.Get, Delivery(id), null, null, Json.WebhookDelivery, cancellation);

    /// <summary>Has a delivery of a webhook done again.</summary>
    /// <exception cref="ProblemException">The server refused.</exception>
    public Task<WebhookDelivery> ReplayDeliveryAsync(string id, CancellationToken cancellation = default) =>
        SendAsync(HttpMethod.Post, Delivery(id) + "/replay", null, null, Json.WebhookDelivery, cancellation);

    private static string Delivery(string id) => $"api/webhooks/deliveries/{Uri.EscapeDataString(id)}";

    private static string Of(string name, string? ns, string verb = "", string? include = null)
    {
        string?[] query =
        [
            ns is null ? null : $"namespace={Uri.EscapeDataString(ns)}",
            include is null ? null : $"include={Uri.EscapeDataString(include)}",
        ];
        return $"api/clusters/{Uri.EscapeDataString(name)}{verb}?{string.Join('&', query.Where(q => q is not null))}";
    }

    private async Task<T> SendAsync<T>(
        HttpMethod method,
        string path,
        HttpContent? body,
        TimeSpan? wait,
        JsonTypeInfo<T> type,
        CancellationToken cancellation,
        string? idempotencyKey = null
    )
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = body };
        if (wait is { } time)
        {
            request.Headers.Add("Prefer", $"wait={(int)time.TotalSeconds}");
        }
        if (idempotencyKey is not null)
        {
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        }
        using var response = await http.SendAsync(request, cancellation).ConfigureAwait(false);
        await EnsureAsync(response, cancellation).ConfigureAwait(false);
        return await response.Content.ReadFromJsonAsync(type, cancellation).ConfigureAwait(false)
            ?? throw new HttpRequestException("The server answered with nothing.");
    }

    private static async Task EnsureAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        if (response.IsSuccessStatusCode)
        {
            return;
        }
        var problem =
            response.Content.Headers.ContentType?.MediaType == "application/problem+json"
                ? await response.Content.ReadFromJsonAsync(Json.ServerProblem, cancellation).ConfigureAwait(false)
                : null;
        throw new ProblemException(
            response.StatusCode,
            problem?.Detail ?? response.ReasonPhrase ?? "",
            problem?.Errors
        );
    }
}
