using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using VClusterManager.Server.Identity;
using VClusterManager.Server.Tests.Http;
using Xunit;

namespace VClusterManager.Server.Tests.Identity;

public sealed class AuthenticationTests : IAsyncLifetime
{
    private ProbeServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await ProbeServer.StartAsync(Map);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_key_says_who_is_calling()
    {
        var me = await (await _server.SendAsync("GET", "/api/me", ProbeServer.EditorKey)).JsonAsync();

        me.ToJsonString()
            .ShouldBe("""{"name":"edith","role":"editor","source":"api_key","expires_at":null,"limits":null}""");
    }

    [Fact]
    public async Task A_key_is_taken_as_a_bearer_token_too()
    {
        var bearer = ("Authorization", "Bearer " + ProbeServer.AdminKey);
        var me = await (await _server.SendAsync("GET", "/api/me", null, null, bearer)).JsonAsync();

        me.Text("name").ShouldBe("ada");
        (
            await _server.SendAsync("GET", "/api/me", null, null, ("Authorization", "bearer " + ProbeServer.AdminKey))
        ).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_key_ends_to_the_second()
    {
        var before = await (await _server.SendAsync("GET", "/api/me", ProbeServer.ExpiringKey)).JsonAsync();
        before.Text("expires_at").ShouldBe("2026-05-01T13:00:00Z");

        _server.Time.Advance(TimeSpan.FromHours(1) - TimeSpan.FromSeconds(1));
        (await _server.SendAsync("GET", "/api/me", ProbeServer.ExpiringKey)).StatusCode.ShouldBe(HttpStatusCode.OK);

        _server.Time.Advance(TimeSpan.FromSeconds(1));
        var after = await _server.SendAsync("GET", "/api/me", ProbeServer.ExpiringKey);
        after.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await after.JsonAsync()).Text("detail").ShouldBe("The API key has expired.");
    }

    [Theory]
    [InlineData("GET", "/api/me")]
    [InlineData("GET", "/viewer")]
    [InlineData("GET", "/unmarked")]
    [InlineData("DELETE", "/viewer")]
    [InlineData("GET", "/nowhere/at/all")]
    [InlineData("POST", "/")]
    [InlineData("GET", "/openapi/v2.json")]
    public async Task Without_credentials_every_door_is_closed_and_no_path_is_told_from_another(
        string method,
        string path
    )
    {
        var answer = await _server.SendAsync(method, path, key: null);

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        answer.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer realm=\"vcluster-manager\"");
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        (await answer.JsonAsync())["status"]!.GetValue<int>().ShouldBe(401);
    }

    [Fact]
    public async Task A_wrong_key_is_not_let_in_anywhere_but_through_open_doors()
    {
        var answer = await _server.SendAsync("GET", "/viewer", ProbeServer.ViewerKey + "x");

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        answer.Headers.WwwAuthenticate.ToString().ShouldContain("error=\"invalid_token\"");
        (await _server.SendAsync("GET", "/open", "wrong-key-0123456789")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await _server.SendAsync("GET", "/open", key: null)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData(ProbeServer.ViewerKey, 200, 403, 403)]
    [InlineData(ProbeServer.EditorKey, 200, 200, 403)]
    [InlineData(ProbeServer.AdminKey, 200, 200, 200)]
    public async Task Each_role_may_do_what_the_ones_before_it_may(string key, int viewer, int editor, int admin)
    {
        ((int)(await _server.SendAsync("GET", "/viewer", key)).StatusCode).ShouldBe(viewer);
        ((int)(await _server.SendAsync("GET", "/editor", key)).StatusCode).ShouldBe(editor);
        ((int)(await _server.SendAsync("GET", "/admin", key)).StatusCode).ShouldBe(admin);
    }

    [Fact]
    public async Task A_role_that_is_too_small_is_told_which_one_would_do()
    {
        var answer = await _server.SendAsync("GET", "/admin", ProbeServer.EditorKey);

        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        (await answer.JsonAsync()).Text("detail").ShouldBe("This needs the role admin; edith is editor.");
    }

    [Fact]
    public async Task An_open_door_knows_who_comes_through_it_with_credentials()
    {
        (await (await _server.SendAsync("GET", "/open", key: null)).Content.ReadAsStringAsync()).ShouldBe("nobody");
        (await (await _server.SendAsync("GET", "/open", ProbeServer.AdminKey)).Content.ReadAsStringAsync()).ShouldBe(
            "ada"
        );
    }

    [Theory]
    [InlineData("X-API-Key", "")]
    [InlineData("Authorization", "")]
    [InlineData("Authorization", "Bearer")]
    [InlineData("Authorization", "Bearer ")]
    [InlineData("Authorization", "Bearer  \t")]
    [InlineData("Authorization", "Basic dXNlcjpwYXNz")]
    [InlineData("Authorization", ProbeServer.AdminKey)]
    [InlineData("Authorization", "Bearer " + ProbeServer.AdminKey + ", Bearer " + ProbeServer.AdminKey)]
    public async Task What_is_no_credential_is_401(string name, string value) =>
        (await RawHttp.StatusAsync(_server.Address, $"{name}: {value}")).ShouldBe(401);

    [Fact]
    public async Task Two_credentials_are_none()
    {
        var admin = $"X-API-Key: {ProbeServer.AdminKey}";
        var bearer = $"Authorization: Bearer {ProbeServer.AdminKey}";

        (await RawHttp.StatusAsync(_server.Address, admin)).ShouldBe(200);
        (await RawHttp.StatusAsync(_server.Address, admin, admin)).ShouldBe(401);
        (await RawHttp.StatusAsync(_server.Address, bearer, bearer)).ShouldBe(401);
        (await RawHttp.StatusAsync(_server.Address, admin, bearer)).ShouldBe(401);
    }

    [Fact]
    public async Task A_gateways_own_authorization_does_not_stand_in_a_keys_way() =>
        (
            await RawHttp.StatusAsync(
                _server.Address,
                "Authorization: Basic dXNlcjpwYXNz",
                $"X-API-Key: {ProbeServer.AdminKey}"
            )
        ).ShouldBe(200);

    [Fact]
    public async Task A_new_kind_of_credential_is_one_more_check()
    {
        await using var server = await ProbeServer.StartAsync(
            Map,
            services =>
                services.AddSingleton<CredentialCheck>(
                    (credential, _) =>
                        ValueTask.FromResult<CredentialAnswer>(
                            credential is { IsBearer: true, Text: "open sesame" }
                                ? new CredentialAnswer.Accepted(new Principal("ali", Role.Admin, "token", null))
                                : CredentialAnswer.Unknown.Instance
                        )
                )
        );

        var me = await server.SendAsync("GET", "/api/me", null, null, ("Authorization", "Bearer open sesame"));
        (await me.JsonAsync()).Text("source").ShouldBe("token");
        (await server.SendAsync("GET", "/api/me", "open sesame")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await server.SendAsync("GET", "/api/me", ProbeServer.ViewerKey)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/viewer", () => "v").RequireRole(Role.Viewer);
        routes.MapGet("/editor", () => "e").RequireRole(Role.Editor);
        routes.MapGet("/admin", () => "a").RequireRole(Role.Admin);
        routes.MapGet("/unmarked", () => "u");
        routes.MapGet("/open", (HttpContext context) => context.FindPrincipal()?.Name ?? "nobody").AllowAnonymous();
    }
}
