using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Shouldly;
using VClusterManager.Server.Identity;
using Xunit;

namespace VClusterManager.Server.Tests.TestHost;

/// <summary>Somebody who calls the REST API, with an API key or without.</summary>
internal sealed class Caller : IDisposable
{
    private readonly HttpClient _http;

    /// <param name="bearer">The key is sent as a bearer token.</param>
    public Caller(Uri server, string? key, bool bearer = false)
    {
        _http = new HttpClient { BaseAddress = server, Timeout = TimeSpan.FromMinutes(2) };
        if (key is not null)
        {
            _http.DefaultRequestHeaders.Add(
                bearer ? "Authorization" : CredentialReading.ApiKeyHeader,
                bearer ? $"Bearer {key}" : key
            );
        }
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _http.Dispose();

    /// <summary>An answer that goes on: its body is read by the caller.</summary>
    public async Task<HttpResponseMessage> OpenAsync(string path)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, path);
        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
    }

    public Task<Answer> GetAsync(string path, params (string Name, string Value)[] headers) =>
        SendAsync("GET", path, null, headers);

    public Task<Answer> PostAsync(string path, object? body = null, params (string Name, string Value)[] headers) =>
        SendAsync("POST", path, body, headers);

    public Task<Answer> PatchAsync(string path, object body, params (string Name, string Value)[] headers) =>
        SendAsync("PATCH", path, body, headers);

    public Task<Answer> DeleteAsync(string path, params (string Name, string Value)[] headers) =>
        SendAsync("DELETE", path, null, headers);

    /// <param name="body">Text is sent as it is, everything else as JSON.</param>
    public Task<Answer> SendAsync(
        string method,
        string path,
        object? body,
        params (string Name, string Value)[] headers
    ) =>
        SendContentAsync(
            method,
            path,
            body is null
                ? null
                : new StringContent(
                    body as string ?? JsonSerializer.Serialize(body),
                    Encoding.UTF8,
                    "application/json"
                ),
            headers
        );

    public async Task<Answer> SendContentAsync(
        string method,
        string path,
        HttpContent? content,
        params (string Name, string Value)[] headers
    )
    {
        using HttpRequestMessage request = new(new HttpMethod(method), path) { Content = content };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value).ShouldBeTrue();
        }

        using var response = await _http.SendAsync(request, Cancellation);
        return new Answer(
            (int)response.StatusCode,
            response
                .Headers.Concat(response.Content.Headers)
                .ToDictionary(h => h.Key, h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase),
            await response.Content.ReadAsStringAsync(Cancellation)
        );
    }

    /// <summary>An answer that is read while it comes.</summary>
    public Task<Stream> StreamAsync(string path) => _http.GetStreamAsync(new Uri(path, UriKind.Relative), Cancellation);

    /// <summary>Asks for a cluster, and has it accepted.</summary>
    public async Task<JsonObject> CreateAsync(object body, string query = "")
    {
        var answer = await PostAsync("/api/clusters" + query, body);
        answer.Status.ShouldBeOneOf([201, 202], answer.Text);
        return answer.Json;
    }

    /// <summary>A cluster of this name that runs.</summary>
    public async Task<JsonObject> CreateRunningAsync(string name)
    {
        var answer = await PostAsync("/api/clusters?wait=60", new { name });
        answer.Status.ShouldBe(201, answer.Text);
        return answer.Json;
    }

    /// <summary>Waits until the cluster is in this status.</summary>
    public async Task<JsonObject> UntilAsync(string name, string status)
    {
        JsonObject? cluster = null;
        await Wait.UntilAsync(async () =>
        {
            cluster = (await GetAsync($"/api/clusters/{name}")).ShouldBe(200).Json;
            return cluster["status"]!.GetValue<string>() == status;
        });
        return cluster!;
    }
}

/// <summary>What came back.</summary>
internal sealed record Answer(int Status, IReadOnlyDictionary<string, string> Headers, string Text)
{
    public JsonObject Json => field ??= JsonNode.Parse(Text)!.AsObject();

    public string Detail => Json["detail"]!.GetValue<string>();

    public string? Header(string name) => Headers.GetValueOrDefault(name);

    public Answer ShouldBe(int status, string why = "")
    {
        Status.ShouldBe(status, $"{why} {Text}");
        return this;
    }

    /// <summary>A problem as RFC 9457 has it, in words for people and without anything of the inside.</summary>
    public Answer ShouldBeProblem(int status)
    {
        Status.ShouldBe(status, Text);
        Header("Content-Type").ShouldBe("application/problem+json");
        Json["type"]!.GetValue<string>().ShouldBe("about:blank");
        Json["status"]!.GetValue<int>().ShouldBe(status);
        Json["title"]!.GetValue<string>().ShouldNotBeNullOrWhiteSpace();
        Json["trace_id"]!.GetValue<string>().ShouldNotBeNullOrWhiteSpace();
        Detail.ShouldNotBeNullOrWhiteSpace();
        foreach (var inside in new[] { "Exception", "System.", "Microsoft.", "VClusterManager.", "   at ", "SQLite" })
        {
            Detail.ShouldNotContain(inside);
        }

        return this;
    }

    /// <summary>A problem that names the field that is wrong.</summary>
    public Answer ShouldBeInvalid(string field, int status = 422)
    {
        ShouldBeProblem(status);
        Json["errors"].ShouldNotBeNull(Text);
        Json["errors"]![field].ShouldNotBeNull(Text);
        return this;
    }
}

/// <summary>What JSON answers hold.</summary>
internal static class JsonWords
{
    public static string Text(this JsonNode? node, string field) =>
        node![field].ShouldNotBeNull($"there is no {field} in {node.ToJsonString()}").GetValue<string>();

    public static long Number(this JsonNode? node, string field) =>
        node![field].ShouldNotBeNull($"there is no {field} in {node.ToJsonString()}").GetValue<long>();

    /// <summary>A time in UTC, written with <c>Z</c>.</summary>
    public static DateTimeOffset Time(this JsonNode? node, string field)
    {
        var text = node.Text(field);
        text.ShouldMatch(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?Z$");
        return DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
    }
}
