using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace VClusterManager.EndToEnd.Tests.TestHost;

/// <summary>The sandbox's control API: faults, and the log of all requests to the emulated host.</summary>
public sealed class HostControl(HttpClient http)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    /// <summary>Switches a fault on until what is returned is disposed.</summary>
    /// <param name="cluster">The cluster that it is for; for everything when there is none.</param>
    public async Task<Fault> FaultAsync(string name, string value = "", ClusterPlace? cluster = null)
    {
        var target = cluster is null ? "" : $"&namespace={cluster.Namespace}&name={cluster.Name}";
        using var answer = await http.PutAsync(
            new Uri($"/faults/{name}?value={Uri.EscapeDataString(value)}{target}", UriKind.Relative),
            content: null
        );
        answer.EnsureSuccessStatusCode();
        return new Fault(http, new Uri($"/faults/{name}?{target.TrimStart('&')}", UriKind.Relative));
    }

    /// <summary>The requests to the host whose path and user agent contain these.</summary>
    public async Task<IReadOnlyList<HostRequest>> RequestsAsync(
        string path = "",
        string userAgent = "",
        string method = ""
    )
    {
        var query = $"path={Uri.EscapeDataString(path)}&user_agent={Uri.EscapeDataString(userAgent)}&method={method}";
        var log = await http.GetFromJsonAsync<RequestLog>(new Uri($"/requests?{query}", UriKind.Relative), Json);
        return log!.Requests;
    }

    /// <summary>What the manager's account has needed for its requests to the host since the last forgetting.</summary>
    public async Task<IReadOnlyList<NeededRight>> RightsAsync()
    {
        var log = await http.GetFromJsonAsync<RightsLog>(
            new Uri($"/rights?user={ManagerAccount.User}", UriKind.Relative),
            Json
        );
        // Every account may ask what it may do.
        return [.. log!.Rights.Where(right => right.Group != "authorization.k8s.io")];
    }

    public async Task ForgetRightsAsync()
    {
        using var answer = await http.DeleteAsync(new Uri("/rights", UriKind.Relative));
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>The requests that the command line tools made for this cluster.</summary>
    public async Task<IReadOnlyList<HostRequest>> ToolRequestsAsync(ClusterPlace cluster) =>
        [
            .. (await RequestsAsync(userAgent: "vcluster")).Where(request => request.Concerns(cluster)),
            .. await RequestsAsync($"/namespaces/{cluster.Namespace}", "Helm"),
        ];

    /// <summary>How often a workload was really made for this cluster: the effect of a create.</summary>
    public async Task<int> CreatesAsync(ClusterPlace cluster) =>
        (await RequestsAsync($"/namespaces/{cluster.Namespace}/statefulsets", "Helm", "POST")).Count(request =>
            request.Status == 201
        );

    /// <summary>Waits until the CLI runs for this cluster: it has asked which faults are meant for it.</summary>
    public Task CliRunsAsync(ClusterPlace cluster) =>
        Eventually.SeesAsync(
            $"the CLI runs for {cluster.Name}",
            () => ToolRequestsAsync(cluster),
            requests => requests.Count > 0
        );

    private sealed record RequestLog(IReadOnlyList<HostRequest> Requests);

    private sealed record RightsLog(IReadOnlyList<NeededRight> Rights);
}

/// <summary>One request to the emulated host.</summary>
public sealed record HostRequest(
    [property: JsonPropertyName("time")] DateTimeOffset Time,
    [property: JsonPropertyName("method")] string Method,
    [property: JsonPropertyName("path")] string Path,
    [property: JsonPropertyName("query")] string Query,
    [property: JsonPropertyName("user_agent")] string UserAgent,
    [property: JsonPropertyName("status")] int Status
)
{
    // What the CLI asks of the sandbox itself names the cluster in the query.
    public bool Concerns(ClusterPlace cluster) =>
        $"{Path}/".Contains($"/namespaces/{cluster.Namespace}/", StringComparison.Ordinal)
        || $"{Query}&".Contains($"name={cluster.Name}&", StringComparison.Ordinal);
}

/// <summary>A right that some request to the host needed, and whether it was there.</summary>
public sealed record NeededRight(
    [property: JsonPropertyName("group")] string Group,
    [property: JsonPropertyName("resource")] string Resource,
    [property: JsonPropertyName("verb")] string Verb,
    [property: JsonPropertyName("namespace")] string Namespace,
    [property: JsonPropertyName("allowed")] bool Allowed
)
{
    /// <summary>As <c>create apps/statefulsets</c>.</summary>
    public override string ToString() => $"{Verb} {Group}/{Resource}";
}

/// <summary>A virtual cluster by its name, in the namespace that it gets when none is asked for.</summary>
public sealed record ClusterPlace(string Name)
{
    public string Namespace => $"vcluster-{Name}";
}

/// <summary>A fault that is on.</summary>
public sealed class Fault(HttpClient http, Uri address) : IAsyncDisposable
{
    private bool _lifted;

    public async Task LiftAsync()
    {
        if (!_lifted)
        {
            _lifted = true;
            using var answer = await http.DeleteAsync(address);
            answer.EnsureSuccessStatusCode();
        }
    }

    public async ValueTask DisposeAsync() => await LiftAsync();
}
