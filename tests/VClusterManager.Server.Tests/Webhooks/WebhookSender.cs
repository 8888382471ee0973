using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace VClusterManager.Server.Tests.Webhooks;

/// <summary>Sends deliveries as providers do, signed unless told otherwise.</summary>
public sealed class WebhookSender(Uri server, string secret) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = server, Timeout = TimeSpan.FromMinutes(1) };

    public sealed record Reply(int Status, string Text);

    public void Dispose() => _http.Dispose();

    /// <param name="id">The provider's id of the delivery; a new one when none is given.</param>
    /// <param name="proof">The signature in place of the right one; empty: none.</param>
    public async Task<Reply> SendAsync(
        string provider,
        string eventName,
        byte[] body,
        string? id = null,
        string? proof = null,
        string contentType = "application/json"
    )
    {
        var door = provider == "bitbucket_server" ? "bitbucket" : provider;
        using HttpRequestMessage request = new(HttpMethod.Post, $"/webhooks/{door}");
        request.Content = new ByteArrayContent(body);
        // A large body that is turned away is not sent: who sends on may lose the answer with the connection.
        request.Headers.ExpectContinue = body.Length > 1_000_000;
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        foreach (
            var (name, value) in Headers(
                provider,
                eventName,
                id ?? Guid.NewGuid().ToString(),
                proof ?? Proof(provider, body)
            )
        )
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await _http.SendAsync(request);
        return new Reply((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public Task<Reply> SendAsync(string provider, string eventName, JsonNode body, string? id = null) =>
        SendAsync(provider, eventName, Encoding.UTF8.GetBytes(body.ToJsonString()), id);

    public string Proof(string provider, byte[] body) =>
        provider == "gitlab"
            ? secret
            : $"sha256={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body))}";

    private static IEnumerable<(string Name, string Value)> Headers(
        string provider,
        string eventName,
        string id,
        string proof
    )
    {
        (string, string)[] headers = provider switch
        {
            "github" => [("X-GitHub-Event", eventName), ("X-GitHub-Delivery", id), ("X-Hub-Signature-256", proof)],
            "bitbucket" =>
            [
                ("X-Event-Key", eventName),
                ("X-Hook-UUID", "{hook}"),
                ("X-Request-UUID", id),
                ("X-Hub-Signature", proof),
            ],
            "bitbucket_server" => [("X-Event-Key", eventName), ("X-Request-Id", id), ("X-Hub-Signature", proof)],
            _ => [("X-Gitlab-Event", eventName), ("Idempotency-Key", id), ("X-Gitlab-Token", proof)],
        };
        return headers.Where(header => header.Item2.Length > 0);
    }
}

/// <summary>Deliveries of GitHub about pull requests of our own making, after the recorded ones.</summary>
public static class GitHubDeliveries
{
    private static readonly JsonObject s_recorded = Recorded.Json("github", "pull_request.opened.json");

    public static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    /// <param name="minute">Of the provider's time, after noon.</param>
    public static JsonObject Of(
        string repository,
        int number,
        string action,
        double minute,
        string? sha = null,
        bool fork = false,
        bool draft = false,
        string[]? labels = null,
        string? label = null,
        string author = "anna",
        string branch = "feature/x",
        string into = "main"
    )
    {
        var body = s_recorded.DeepClone().AsObject();
        body["action"] = action;
        body["number"] = number;
        body["repository"]!["full_name"] = repository;
        var pull = body["pull_request"]!;
        pull["number"] = number;
        pull["state"] = action == "closed" ? "closed" : "open";
        pull["updated_at"] = Noon.AddMinutes(minute).ToString("yyyy-MM-dd'T'HH:mm:ss.FFF'Z'");
        pull["draft"] = draft;
        pull["user"]!["login"] = author;
        pull["html_url"] = $"https://github.com/{repository}/pull/{number}";
        pull["head"]!["sha"] = sha ?? Sha(1);
        pull["head"]!["ref"] = branch;
        pull["head"]!["repo"]!["full_name"] = fork ? "mallory/fork" : repository;
        pull["head"]!["repo"]!["id"] = fork ? 2 : 1;
        pull["base"]!["repo"]!["full_name"] = repository;
        pull["base"]!["repo"]!["id"] = 1;
        pull["base"]!["ref"] = into;
        pull["labels"] = new JsonArray([.. (labels ?? []).Select(name => new JsonObject { ["name"] = name })]);
        if (label is not null)
        {
            body["label"] = new JsonObject { ["name"] = label };
        }

        return body;
    }

    public static string Sha(int number) => $"{number:x40}";
}
