using System.Net;
using Shouldly;
using VClusterManager.Server.Identity.Oidc;
using VClusterManager.Server.Tests.Http;
using VClusterManager.Server.Tests.Identity.Tokens;
using Xunit;

namespace VClusterManager.Server.Tests.Identity.Oidc;

/// <summary>Tokens of others, over the real pipeline and with an issuer on this machine.</summary>
public sealed class OidcTests : IAsyncLifetime
{
    private const string Audience = "https://vclusters.example.com";

    private TestIssuer _issuer = null!;
    private ProbeServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _issuer = await TestIssuer.StartAsync();
        _server = await ProbeServer.StartAsync(
            auth: $$"""
              jwt: {secret_key: {{Jwt.Secret}}}
              oidc:
                - name: actions
                  issuer: {{_issuer.Name}}
                  audience: {{Audience}}
                  name_claim: repository
                  rules:
                    - {claims: {repository: acme/platform, ref: refs/heads/main}, role: admin}
                    - {claims: {repository: acme/*, ref: [refs/heads/main, refs/heads/release-*]}, role: editor, namespaces: [ci-*], own_clusters: true}
                    - {claims: {repository: acme/*}, role: viewer}
                    - {claims: {repository: '*', realm_access.roles: ops}, role: viewer, max_clusters: 1}
            """
        );
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _issuer.DisposeAsync();
    }

    [Theory]
    [InlineData("acme/platform", "refs/heads/main", "admin")]
    [InlineData("acme/app", "refs/heads/main", "editor")]
    [InlineData("acme/app", "refs/heads/release-1.2", "editor")]
    [InlineData("acme/app", "refs/pull/12/merge", "viewer")]
    public async Task The_first_rule_that_matches_gives_the_role(string repository, string @ref, string role)
    {
        var me = await AcceptedAsync(_issuer.Sign(Claims(repository, @ref)));

        (me.Text("name"), me.Text("role"), me.Text("source")).ShouldBe(($"actions:{repository}", role, "oidc"));
        me.Text("expires_at").ShouldBe("2026-05-01T12:10:00Z");
    }

    [Fact]
    public async Task A_rule_can_bind()
    {
        var me = await AcceptedAsync(_issuer.Sign(Claims("acme/app", "refs/heads/main")));

        me["limits"]!
            .ToJsonString()
            .ShouldBe("""{"namespaces":["ci-*"],"own_clusters":true,"max_clusters":null,"max_ttl_hours":null}""");
    }

    [Fact]
    public async Task A_claim_can_be_a_list_and_lie_inside_another()
    {
        var me = await AcceptedAsync(
            _issuer.Sign(
                new
                {
                    iss = _issuer.Name,
                    aud = Audience,
                    exp = Later,
                    repository = "else/where",
                    realm_access = new { roles = new List<string> { "dev", "ops" } },
                }
            )
        );

        me["limits"]!["max_clusters"]!.GetValue<int>().ShouldBe(1);
    }

    [Fact]
    public async Task A_token_that_no_rule_knows_is_refused_with_what_it_says()
    {
        var reason = await RefusedAsync(_issuer.Sign(Claims("evil/app", "refs/heads/main")));

        reason.ShouldContain("No rule");
        reason.ShouldContain("repository 'evil/app'");
        reason.ShouldContain("ref 'refs/heads/main'");
    }

    [Fact]
    public async Task Who_it_is_for_and_until_when_is_looked_at()
    {
        (await RefusedAsync(_issuer.Sign(Claims("acme/app", "x", audience: "https://else.where")))).ShouldContain(
            "aud"
        );
        (await RefusedAsync(_issuer.Sign(Claims("acme/app", "x", expires: -31)))).ShouldContain("expired");
        (
            await RefusedAsync(
                _issuer.Sign(
                    new
                    {
                        iss = _issuer.Name,
                        aud = Audience,
                        repository = "acme/app",
                    }
                )
            )
        ).ShouldContain("no end");
        await AcceptedAsync(_issuer.Sign(Claims("acme/app", "x", expires: -29)));
    }

    [Fact]
    public async Task Only_the_issuers_own_keys_count()
    {
        using var other = System.Security.Cryptography.RSA.Create(2048);
        var claims = Claims("acme/platform", "refs/heads/main");

        (await RefusedAsync(Jwt.Rsa(claims, other, "first"))).ShouldContain("signature");
        (await RefusedAsync(Jwt.Rsa(claims, other, kid: null))).ShouldContain("signature");
        (await RefusedAsync(Jwt.Rsa(claims, other, "another"))).ShouldContain("does not publish");
        (await RefusedAsync(Jwt.With(_issuer.Sign(claims), Claims("acme/platform", "refs/heads/mine")))).ShouldContain(
            "signature"
        );
        await AcceptedAsync(_issuer.Sign(claims, kid: null));
    }

    [Fact]
    public async Task A_signature_that_others_could_have_made_does_not_count()
    {
        var claims = Claims("acme/platform", "refs/heads/main");
        var publicKey = _issuer.Key.ExportSubjectPublicKeyInfoPem();

        (await RefusedAsync(Jwt.Hmac(claims, publicKey))).ShouldContain("signed in a way");
        (await RefusedAsync(Jwt.Hmac(claims))).ShouldContain("signed in a way");
        (await RefusedAsync(Jwt.Signed(new { alg = "none" }, claims, _ => []))).ShouldContain("signed in a way");
    }

    [Fact]
    public async Task A_new_key_counts_at_once_and_an_old_one_soon_no_more()
    {
        var old = _issuer.Sign(Claims("acme/app", "x"));
        await AcceptedAsync(old);

        _issuer.Rotate("second");
        _server.Time.Advance(IssuerKeys.BetweenLooks);
        await AcceptedAsync(_issuer.Sign(Claims("acme/app", "x")));

        (await RefusedAsync(old)).ShouldContain("does not publish");
    }

    [Fact]
    public async Task A_key_that_is_gone_is_forgotten_even_when_nobody_comes_with_a_new_one()
    {
        var old = _issuer.Sign(Claims("acme/app", "x", expires: 3600));
        await AcceptedAsync(old);

        _issuer.Rotate("second");
        await AcceptedAsync(old);
        _server.Time.Advance(IssuerKeys.Fresh);

        (await RefusedAsync(old)).ShouldContain("does not publish");
    }

    [Fact]
    public async Task Keys_are_asked_for_seldom_whatever_strangers_send()
    {
        await AcceptedAsync(_issuer.Sign(Claims("acme/app", "x")));
        for (var i = 0; i < 20; i++)
        {
            await RefusedAsync(_issuer.Sign(Claims("acme/app", "x"), $"made-up-{i}"));
        }

        _issuer.Asked.ShouldBe(1);
    }

    [Fact]
    public async Task An_issuer_that_cannot_be_reached_lets_nobody_in_and_is_asked_again()
    {
        _issuer.IsBroken = true;
        var token = _issuer.Sign(Claims("acme/app", "x"));

        var answer = await MeAsync(token);
        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        answer.Headers.RetryAfter.ShouldNotBeNull();
        (await answer.JsonAsync()).Text("detail")!.ShouldContain("cannot be reached");

        _issuer.IsBroken = false;
        _server.Time.Advance(IssuerKeys.BetweenLooks);
        await AcceptedAsync(token);
    }

    [Fact]
    public async Task What_an_issuer_said_last_holds_for_an_hour()
    {
        await AcceptedAsync(_issuer.Sign(Claims("acme/app", "x")));
        _issuer.IsBroken = true;

        _server.Time.Advance(IssuerKeys.Holds - TimeSpan.FromSeconds(1));
        await AcceptedAsync(_issuer.Sign(Claims("acme/app", "x", expires: 7200)));
        _server.Time.Advance(IssuerKeys.BetweenLooks);
        (await MeAsync(_issuer.Sign(Claims("acme/app", "x", expires: 7200)))).StatusCode.ShouldBe(
            HttpStatusCode.ServiceUnavailable
        );
    }

    [Fact]
    public async Task An_issuer_that_says_it_is_another_is_not_believed()
    {
        _issuer.OtherName = "https://token.actions.githubusercontent.com";

        (await MeAsync(_issuer.Sign(Claims("acme/app", "x")))).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task An_issuer_that_nobody_named_is_a_stranger()
    {
        var token = _issuer.Sign(
            new
            {
                iss = "https://evil.example.com",
                aud = Audience,
                exp = Later,
                sub = "x",
            }
        );

        (await MeAsync(token)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        _issuer.Asked.ShouldBe(0);
    }

    private static long Later => Jwt.Seconds(ProbeServer.Start.AddMinutes(10));

    private object Claims(string repository, string @ref, string audience = Audience, int expires = 600) =>
        new
        {
            iss = _issuer.Name,
            aud = audience,
            sub = $"repo:{repository}:ref:{@ref}",
            iat = Jwt.Seconds(ProbeServer.Start),
            exp = Jwt.Seconds(ProbeServer.Start.AddSeconds(expires)),
            repository,
            @ref,
        };

    private Task<HttpResponseMessage> MeAsync(string token) =>
        _server.SendAsync("GET", "/api/me", null, null, ("Authorization", $"Bearer {token}"));

    private async Task<System.Text.Json.Nodes.JsonObject> AcceptedAsync(string token)
    {
        var answer = await MeAsync(token);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        return await answer.JsonAsync();
    }

    private async Task<string> RefusedAsync(string token)
    {
        var answer = await MeAsync(token);
        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized, await answer.Content.ReadAsStringAsync());
        return (await answer.JsonAsync()).Text("detail")!;
    }
}
