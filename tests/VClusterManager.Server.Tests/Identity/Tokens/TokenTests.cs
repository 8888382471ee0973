using System.Diagnostics;
using System.Net;
using Shouldly;
using VClusterManager.Server.Http.Guards;
using VClusterManager.Server.Identity;
using VClusterManager.Server.Tests.Http;
using Xunit;

namespace VClusterManager.Server.Tests.Identity.Tokens;

/// <summary>Tokens for passwords, over the real pipeline.</summary>
public sealed class TokenTests : IAsyncLifetime
{
    private const string Password = "correct horse battery";

    private static readonly string Hash = PasswordHash.Of(Password);

    /// <summary>Below <c>auth</c>.</summary>
    private static readonly string Auth = $$"""
          jwt: {secret_key: {{Jwt.Secret}}, token_expire_minutes: 45}
          users:
            anna: {password_hash: '{{Hash}}', role: editor, namespaces: [team-a-*], own_clusters: true, max_clusters: 3, max_ttl_hours: 8}
            root: {password_hash: '{{Hash}}', role: admin}
            vera: {password_hash: '{{Hash}}', role: viewer}
        """;

    private ProbeServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await ProbeServer.StartAsync(auth: Auth);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_password_sent_as_a_form_gets_a_token_that_lets_in()
    {
        var answer = await LoginAsync("anna", Password);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var json = await answer.JsonAsync();
        json.Select(m => m.Key).ShouldBe(["access_token", "token_type", "expires_in"]);
        json.Text("token_type").ShouldBe("bearer");
        json["expires_in"]!.GetValue<int>().ShouldBe(45 * 60);
        var me = await (await MeAsync(json.Text("access_token")!)).JsonAsync();
        me.ToJsonString()
            .ShouldBe(
                """{"name":"anna","role":"editor","source":"token","expires_at":"2026-05-01T12:45:00Z","limits":{"namespaces":["team-a-*"],"own_clusters":true,"max_clusters":3,"max_ttl_hours":8}}"""
            );
    }

    [Fact]
    public async Task A_password_sent_as_JSON_does_too()
    {
        var answer = await _server.SendAsync(
            "POST",
            "/token",
            null,
            $$"""{"username":"vera","password":"{{Password}}"}"""
        );

        var me = await (await MeAsync((await answer.JsonAsync()).Text("access_token")!)).JsonAsync();
        me.Text("role").ShouldBe("viewer");
        me["limits"].ShouldBeNull();
    }

    [Theory]
    [InlineData("root", "viewer", "viewer")]
    [InlineData("root", "api", "editor")]
    [InlineData("root", "api admin", "admin")]
    [InlineData("root", "", "admin")]
    [InlineData("anna", "admin", "editor")]
    public async Task A_scope_can_make_it_less_and_never_more(string user, string scope, string role)
    {
        var answer = await LoginAsync(user, Password, ("scope", scope), ("grant_type", "password"), ("client_id", "x"));

        var me = await (await MeAsync((await answer.JsonAsync()).Text("access_token")!)).JsonAsync();
        me.Text("role").ShouldBe(role);
    }

    [Fact]
    public async Task A_wrong_password_and_a_user_that_is_not_there_are_answered_alike()
    {
        var wrong = await LoginAsync("anna", Password + "x");
        var nobody = await LoginAsync("nobody", Password);

        wrong.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        wrong.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer realm=\"vcluster-manager\"");
        nobody.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        nobody.Headers.WwwAuthenticate.ToString().ShouldBe(wrong.Headers.WwwAuthenticate.ToString());
        (await nobody.JsonAsync()).Text("detail").ShouldBe((await wrong.JsonAsync()).Text("detail"));
    }

    [Fact]
    public async Task A_wrong_password_and_a_user_that_is_not_there_take_the_same_time()
    {
        // Without the hash of nothing it would be some hundred times less.
        await LoginAsync("anna", "warm up");
        await LoginAsync("nobody", "warm up");
        var (known, unknown) = (TimeSpan.MaxValue, TimeSpan.MaxValue);
        // In turns, the best of each, until they are alike: a machine that is busy needs more than one turn.
        for (var i = 0; i < 60 && (i < 5 || unknown < known / 3 || known < unknown / 3); i++)
        {
            known = Least(known, await TimeAsync("anna"));
            unknown = Least(unknown, await TimeAsync("nobody"));
        }

        unknown.ShouldBeGreaterThan(known / 3);
        known.ShouldBeGreaterThan(unknown / 3);
    }

    [Fact]
    public async Task Guessing_has_to_wait_longer_and_longer_whether_there_is_such_a_user_or_not()
    {
        foreach (var user in new[] { "anna", "nobody" })
        {
            for (var i = 0; i <= FailedLogins.Free; i++)
            {
                (await LoginAsync(user, $"wrong {i}")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
            }

            var answer = await LoginAsync(user, Password);
            answer.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
            answer.Headers.RetryAfter.ShouldNotBeNull();
        }

        _server.Time.Advance(TimeSpan.FromMinutes(1));
        (await LoginAsync("anna", Password)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("username=anna", 422)]
    [InlineData("password=x", 422)]
    [InlineData("", 422)]
    [InlineData("username=anna&password=x&grant_type=client_credentials", 422)]
    [InlineData("username=anna&password=x&scope=everything", 422)]
    [InlineData("username=anna&username=root&password=x", 400)]
    public async Task A_form_that_is_not_whole_is_explained(string form, int status)
    {
        using StringContent content = new(form, null, "application/x-www-form-urlencoded");
        var answer = await _server.Client.PostAsync(new Uri("/token", UriKind.Relative), content, Cancellation);

        ((int)answer.StatusCode).ShouldBe(status);
        (await answer.JsonAsync()).Text("detail").ShouldNotBeNullOrEmpty();
    }

    [Theory]
    [InlineData("{", 400)]
    [InlineData("[]", 400)]
    [InlineData("null", 400)]
    [InlineData("{\"username\":1,\"password\":\"x\"}", 400)]
    [InlineData("{\"user\":\"anna\"}", 422)]
    public async Task JSON_that_is_not_right_is_explained(string json, int status) =>
        ((int)(await _server.SendAsync("POST", "/token", null, json)).StatusCode).ShouldBe(status);

    [Fact]
    public async Task Neither_form_nor_JSON_is_415()
    {
        using StringContent content = new("username=anna", null, "text/plain");
        var answer = await _server.Client.PostAsync(new Uri("/token", UriKind.Relative), content, Cancellation);

        answer.StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
    }

    [Fact]
    public async Task Without_a_secret_tokens_are_off_and_say_so()
    {
        await using var server = await ProbeServer.StartAsync();
        using FormUrlEncodedContent form = new([new("username", "anna"), new("password", Password)]);
        var answer = await server.Client.PostAsync(new Uri("/token", UriKind.Relative), form, Cancellation);

        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await answer.JsonAsync()).Text("detail")!.ShouldContain("auth.jwt.secret_key");
        var token = Jwt.Hmac(
            new
            {
                sub = "anna",
                scope = "admin",
                exp = Jwt.Seconds(ProbeServer.Start.AddHours(1)),
            }
        );
        var me = await server.SendAsync("GET", "/api/me", null, null, ("Authorization", $"Bearer {token}"));
        me.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_token_ends_when_its_time_is_up_and_clocks_may_be_half_a_minute_apart()
    {
        var token = (await (await LoginAsync("anna", Password)).JsonAsync()).Text("access_token")!;

        _server.Time.Advance(TimeSpan.FromMinutes(45) + TimeSpan.FromSeconds(29));
        (await MeAsync(token)).StatusCode.ShouldBe(HttpStatusCode.OK);

        _server.Time.Advance(TimeSpan.FromSeconds(1));
        var after = await MeAsync(token);
        after.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await after.JsonAsync()).Text("detail").ShouldBe("The token has expired.");
    }

    [Fact]
    public async Task A_password_never_reaches_the_log()
    {
        await LoginAsync("anna", "hunter2-hunter2");
        await _server.SendAsync("POST", "/token", null, """{"username":"anna","password":"hunter2-hunter2"}""");

        _server.Log.Lines.ShouldNotContain(line => line.Text.Contains("hunter2"));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static TimeSpan Least(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private async Task<TimeSpan> TimeAsync(string user)
    {
        // So that earlier failures are forgotten: a login that has to wait is refused at once.
        _server.Time.Advance(FailedLogins.Memory);
        var began = Stopwatch.GetTimestamp();
        await LoginAsync(user, "wrong password");
        return Stopwatch.GetElapsedTime(began);
    }

    private async Task<HttpResponseMessage> LoginAsync(
        string user,
        string password,
        params (string Name, string Value)[] more
    )
    {
        using FormUrlEncodedContent form = new([
            new("username", user),
            new("password", password),
            .. more.Select(m => KeyValuePair.Create(m.Name, m.Value)),
        ]);
        return await _server.Client.PostAsync(new Uri("/token", UriKind.Relative), form, Cancellation);
    }

    private Task<HttpResponseMessage> MeAsync(string token) =>
        _server.SendAsync("GET", "/api/me", null, null, ("Authorization", $"Bearer {token}"));
}
