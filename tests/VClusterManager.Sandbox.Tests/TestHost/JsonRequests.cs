using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace VClusterManager.Sandbox.Tests.TestHost;

/// <summary>JSON in, JSON out; any answer is an answer, its code stands in a Status object.</summary>
internal static class JsonRequests
{
    public static Task<JsonObject> GetJsonAsync(this HttpClient client, string path) =>
        client.SendAsync(HttpMethod.Get, path, null, null);

    public static Task<JsonObject> PostJsonAsync(this HttpClient client, string path, string body) =>
        client.SendAsync(HttpMethod.Post, path, body, "application/json");

    public static Task<JsonObject> PutJsonAsync(this HttpClient client, string path, string body) =>
        client.SendAsync(HttpMethod.Put, path, body, "application/json");

    public static Task<JsonObject> MergeAsync(this HttpClient client, string path, string patch) =>
        client.SendAsync(HttpMethod.Patch, path, patch, "application/merge-patch+json");

    public static Task<JsonObject> PatchAsync(this HttpClient client, string path, string patch, string type) =>
        client.SendAsync(HttpMethod.Patch, path, patch, type);

    public static Task<JsonObject> DeleteJsonAsync(this HttpClient client, string path, string? body = null) =>
        client.SendAsync(HttpMethod.Delete, path, body, "application/json");

    public static string? Text(this JsonNode? node, params string[] path)
    {
        foreach (var name in path)
        {
            node = int.TryParse(name, out var index)
                ? (node as JsonArray)?.ElementAtOrDefault(index)
                : (node as JsonObject)?[name];
        }

        return node?.ToString();
    }

    private static async Task<JsonObject> SendAsync(
        this HttpClient client,
        HttpMethod method,
        string path,
        string? body,
        string? type
    )
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(type!);
        }

        using var answer = await client.SendAsync(request);
        return (JsonObject)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
    }
}
