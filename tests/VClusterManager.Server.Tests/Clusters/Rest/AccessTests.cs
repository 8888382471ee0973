using Shouldly;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Tests.TestHost;
using Xunit;

namespace VClusterManager.Server.Tests.Clusters.Rest;

/// <summary>Who may do what; and a server that is only to be read.</summary>
public sealed class AccessTests(AccessTests.ReadOnlyHost host) : IClassFixture<AccessTests.ReadOnlyHost>
{
    public static TheoryData<string, string, string?> Changes =>
        new()
        {
            { "POST", "/api/clusters", """{"name":"x"}""" },
            { "PATCH", "/api/clusters/x", "{}" },
            { "DELETE", "/api/clusters/x", null },
            { "POST", "/api/clusters/x/extend", """{"ttl_hours":1}""" },
            { "POST", "/api/clusters/x/retry", null },
            { "POST", "/api/clusters/x/pause", null },
            { "POST", "/api/clusters/x/resume", null },
            { "POST", "/api/operations/01930000-0000-7000-8000-000000000009/cancel", null },
        };

    public static TheoryData<string> Reads =>
        [
            "/api/clusters",
            "/api/clusters/x",
            "/api/clusters/x/logs",
            "/api/clusters/x/history",
            "/api/operations",
            "/api/operations/01930000-0000-7000-8000-000000000009",
            "/api/operations/01930000-0000-7000-8000-000000000009/log",
            "/api/me",
            "/openapi/v2.json",
            "/",
            "/api",
            "/metrics",
            "/api/nothing",
            "/api/clusters/x/nothing",
            "/.git/config",
        ];

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task Changes_are_for_editors(string method, string path, string? body)
    {
        (await host.Anonymous.SendAsync(method, path, body))
            .ShouldBeProblem(401)
            .Header("WWW-Authenticate")!
            .ShouldStartWith("Bearer");
        (await host.Viewer.SendAsync(method, path, body))
            .ShouldBeProblem(403)
            .Detail.ShouldBe("This needs the role editor; viewer is viewer.");
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task A_server_that_is_read_only_refuses_changes(string method, string path, string? body)
    {
        var answer = (await host.Admin.SendAsync(method, path, body)).ShouldBeProblem(503);

        answer.Header("Retry-After").ShouldNotBeNull();
        answer.Detail.ShouldContain("read-only");
    }

    [Fact]
    public async Task A_server_that_is_read_only_makes_and_takes_no_keys()
    {
        var body = new { name = "x", role = "viewer" };
        (await host.Viewer.PostAsync("/api/keys", body)).ShouldBeProblem(503).Detail.ShouldContain("read-only");
        (await host.Admin.DeleteAsync("/api/keys/01930000-0000-7000-8000-000000000009")).ShouldBeProblem(503);
        (await host.Viewer.GetAsync("/api/keys")).ShouldBe(200);
    }

    [Fact]
    public async Task A_server_that_is_read_only_answers_reads_and_checks()
    {
        (await host.Viewer.GetAsync("/api/clusters")).ShouldBe(200);
        (await host.Viewer.GetAsync("/readyz")).ShouldBe(200);
        (await host.Editor.PostAsync("/api/clusters:validate", new { name = "x" })).ShouldBe(200);
        (await host.Viewer.PostAsync("/api/clusters:validate", new { name = "x" })).ShouldBeProblem(403);
    }

    [Theory]
    [MemberData(nameof(Reads))]
    public async Task Nothing_is_read_without_credentials_not_even_that_it_is_not_there(string path)
    {
        (await host.Anonymous.GetAsync(path)).ShouldBeProblem(401);
        using var wrong = new Caller(host.Address, "wrong-key-0123456789");
        (await wrong.GetAsync(path)).ShouldBeProblem(401).Header("WWW-Authenticate")!.ShouldContain("invalid_token");
    }

    /// <summary>A manager that is told to change nothing.</summary>
    public sealed class ReadOnlyHost : ManagerHost
    {
        private protected override ManagerOptions Configure(ManagerOptions options) =>
            options with
            {
                Server = options.Server with { ReadOnly = true },
            };
    }
}
