using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Shouldly;
using VClusterManager.Server.Tests.Http;
using VClusterManager.Server.Tests.TestHost;
using Xunit;

namespace VClusterManager.Server.Tests.Clusters.Rest;

/// <summary>What is really answered is what the description of the API says.</summary>
public sealed class DescribedAnswersTests(ManagerHost host, DescribedApi api)
    : IClassFixture<ManagerHost>,
        IClassFixture<DescribedApi>
{
    [Fact]
    public async Task A_clusters_life_is_answered_as_described()
    {
        var body = """{"name":"described","labels":{"team":"a"},"values":{"sync":{"toHost":{}}},"ttl_hours":4}""";
        await CheckAsync("POST", "/api/clusters:validate", "/api/clusters:validate", 200, body);
        var create = await CheckAsync("POST", "/api/clusters", "/api/clusters", 202, body);
        create.Header("Location").ShouldNotBeNull();
        await CheckAsync("POST", "/api/clusters", "/api/clusters", 409, body);
        await host.Editor.UntilAsync("described", "Running");
        await CheckAsync("GET", "/api/clusters", "/api/clusters?limit=1", 200);
        await CheckAsync("GET", "/api/clusters/{name}", "/api/clusters/described?include=values,kubeconfig", 200);
        await CheckAsync(
            "PATCH",
            "/api/clusters/{name}",
            "/api/clusters/described",
            200,
            """{"labels":{"team":null}}"""
        );
        await CheckAsync(
            "POST",
            "/api/clusters/{name}/extend",
            "/api/clusters/described/extend",
            200,
            """{"ttl_hours":9}"""
        );
        await CheckAsync("POST", "/api/clusters/{name}/pause", "/api/clusters/described/pause?wait=60", 200);
        await CheckAsync("POST", "/api/clusters/{name}/resume", "/api/clusters/described/resume?wait=60", 200);
        await CheckAsync("GET", "/api/clusters/{name}/history", "/api/clusters/described/history", 200);
        var operations = await CheckAsync("GET", "/api/operations", "/api/operations?cluster=described", 200);
        var id = operations.Json["operations"]![0].Text("id");
        await CheckAsync("GET", "/api/operations/{id}", $"/api/operations/{id}", 200);
        await CheckAsync("POST", "/api/operations/{id}/cancel", $"/api/operations/{id}/cancel", 409);
        await CheckAsync("DELETE", "/api/clusters/{name}", "/api/clusters/described?wait=60", 200);
        await CheckAsync("GET", "/api/clusters/{name}", "/api/clusters/described", 404);
    }

    [Theory]
    [InlineData("/health")]
    [InlineData("/livez")]
    [InlineData("/readyz")]
    [InlineData("/api/info")]
    [InlineData("/api/me")]
    public async Task What_the_server_says_of_itself_is_answered_as_described(string path) =>
        await CheckAsync("GET", path, path, 200);

    [Theory]
    [InlineData("GET", "/api/clusters", "/api/clusters?limit=0", 422, null)]
    [InlineData("GET", "/api/clusters", "/api/clusters?managed=perhaps", 422, null)]
    [InlineData("POST", "/api/clusters", "/api/clusters", 400, "{")]
    [InlineData("POST", "/api/clusters", "/api/clusters", 422, "{}")]
    [InlineData("POST", "/api/clusters", "/api/clusters", 403, """{"name":"x","protected":true}""")]
    [InlineData("PATCH", "/api/clusters/{name}", "/api/clusters/x", 422, """{"name":"y"}""")]
    [InlineData("POST", "/api/clusters/{name}/pause", "/api/clusters/x/pause?wait=301", 422, null)]
    [InlineData("POST", "/api/clusters/{name}/adopt", "/api/clusters/x/adopt", 403, null)]
    public async Task Refusals_are_answered_as_described(
        string method,
        string path,
        string asked,
        int status,
        string? body
    ) => await CheckAsync(method, path, asked, status, body);

    [Fact]
    public async Task HEAD_ends_where_GET_would_go_on()
    {
        var created = await host.Editor.CreateRunningAsync("headed");
        created["operation"].ShouldBeNull();
        var operations = (await host.Editor.GetAsync("/api/operations?cluster=headed")).ShouldBe(200).Json;
        var id = operations["operations"]![0].Text("id");

        foreach (var path in (string[])[$"/api/operations/{id}/log", "/api/clusters/headed/logs"])
        {
            var answer = (await host.Viewer.SendAsync("HEAD", path + "?follow=true", null)).ShouldBe(200);

            answer.Text.ShouldBeEmpty();
            answer.Header("Content-Type").ShouldBe("text/plain; charset=utf-8");
        }

        var events = (await host.Viewer.SendAsync("HEAD", "/api/events", null)).ShouldBe(200);
        events.Header("Content-Type").ShouldBe("text/event-stream");
    }

    private async Task<Answer> CheckAsync(string method, string path, string asked, int status, string? body = null)
    {
        var answer = (await host.Editor.SendAsync(method, asked, body)).ShouldBe(status, asked);
        var operation = api.Document["paths"]![path]![method.ToLowerInvariant()]!;
        var described = operation["responses"]![status.ToString(CultureInfo.InvariantCulture)];
        described.ShouldNotBeNull($"{method} {path} does not say that it can answer {status}");
        var media = answer.Header("Content-Type")!.Split(';')[0];
        var content = api.Resolve(described)["content"]?[media];
        content.ShouldNotBeNull($"{method} {path} does not say that {status} can be {media}");
        Hold(answer.Json, content["schema"]!, path);
        foreach (var header in (api.Resolve(described)["headers"] as JsonObject ?? []).Select(h => h.Key))
        {
            answer.Header(header).ShouldNotBeNull($"{method} {path} {status} has no {header}");
        }

        return answer;
    }

    /// <summary>As far as this API's schemas go.</summary>
    private void Hold(JsonNode? value, JsonNode schema, string at)
    {
        schema = api.Resolve(schema);
        if (schema["oneOf"] is JsonArray choices)
        {
            if (value is not null)
            {
                Hold(value, choices.Single(c => c!["type"]?.ToString() != "null")!, at);
            }

            return;
        }

        Types(schema).ShouldContain(TypeOf(value), at);
        if (schema["enum"] is JsonArray words)
        {
            words.Select(w => w!.GetValue<string>()).ShouldContain(value!.GetValue<string>(), at);
        }

        switch (value)
        {
            case JsonArray list:
                list.ToList().ForEach(item => Hold(item, schema["items"]!, at + "[]"));
                break;
            case JsonObject map:
                HoldMembers(map, schema, at);
                break;
        }
    }

    private void HoldMembers(JsonObject map, JsonNode schema, string at)
    {
        foreach (var name in (schema["required"] as JsonArray ?? []).Select(n => n!.GetValue<string>()))
        {
            map.ContainsKey(name).ShouldBeTrue($"{at} has no {name}");
        }

        foreach (var (name, member) in map)
        {
            if (schema["properties"] is JsonObject properties)
            {
                var known = properties[name] ?? (properties["trace_id"] is null ? null : new JsonObject());
                known.ShouldNotBeNull($"{at}.{name} is not described");
                if (known.AsObject().Count > 0)
                {
                    Hold(member, known, $"{at}.{name}");
                }
            }
            else if (schema["additionalProperties"] is JsonObject each)
            {
                Hold(member, each, $"{at}.{name}");
            }
        }
    }

    private static IEnumerable<string> Types(JsonNode schema) =>
        schema["type"] switch
        {
            JsonArray several => several.Select(t => t!.GetValue<string>()),
            { } one => [one.GetValue<string>()],
            null => throw new ShouldAssertException($"no type in {schema.ToJsonString()}"),
        };

    private static string TypeOf(JsonNode? value) =>
        value?.GetValueKind() switch
        {
            null or JsonValueKind.Null => "null",
            JsonValueKind.True or JsonValueKind.False => "boolean",
            JsonValueKind.Number => "integer",
            JsonValueKind.String => "string",
            JsonValueKind.Array => "array",
            _ => "object",
        };
}
