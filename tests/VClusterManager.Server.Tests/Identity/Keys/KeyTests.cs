using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Shouldly;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Identity;
using VClusterManager.Server.Identity.Keys;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Tests.Identity.Tokens;
using VClusterManager.Server.Tests.TestHost;
using Xunit;

namespace VClusterManager.Server.Tests.Identity.Keys;

/// <summary>API keys that are made over the API.</summary>
public sealed class KeyTests(KeyTests.Host host) : IClassFixture<KeyTests.Host>
{
    [Fact]
    public async Task A_key_that_an_admin_makes_stands_for_itself_and_is_shown_once()
    {
        var name = Rows.UniqueName();
        var made = (
            await host.Admin.PostAsync(
                "/api/keys",
                new
                {
                    name,
                    role = "editor",
                    expires_in_hours = 2,
                    namespaces = new List<string> { "nightly-*" },
                    max_clusters = 2,
                }
            )
        ).ShouldBe(201);

        made.Header("Cache-Control").ShouldBe("no-store");
        var key = made.Json.Text("key");
        key.ShouldMatch("^vcm_[A-Za-z0-9_-]{43}$");
        (made.Json.Text("name"), made.Json.Text("role"), made.Json.Text("created_by")).ShouldBe(
            (name, "editor", "admin")
        );
        (made.Json.Time("expires_at") - made.Json.Time("created")).ShouldBe(TimeSpan.FromHours(2));
        foreach (var bearer in new[] { true, false })
        {
            using var caller = new Caller(host.Address, key, bearer);
            var me = (await caller.GetAsync("/api/me")).ShouldBe(200).Json;
            (me.Text("name"), me.Text("role"), me.Text("source")).ShouldBe((name, "editor", "managed_key"));
            me["limits"]!["namespaces"]!.ToJsonString().ShouldBe("""["nightly-*"]""");
        }

        var listed = (await host.Admin.GetAsync("/api/keys")).ShouldBe(200);
        listed.Text.ShouldContain(made.Json.Text("hint"));
        listed.Text.ShouldNotContain(key);
        var row = await host.Stores.ReadAsync(store => store.ApiKeys.SingleAsync(k => k.Name == name));
        row.Hash.ShouldBe(Convert.ToHexStringLower(KeyText.HashOf(key)));
        host.Log.Lines.ShouldNotContain(line => line.Text.Contains(key));
    }

    [Fact]
    public async Task A_revoked_key_lets_nobody_in_and_cuts_what_it_had_opened()
    {
        var (id, caller) = await MakeAsync(host.Admin, "viewer");
        using var known = caller;
        using var stream = await caller.StreamAsync("/api/events");
        var end = ReadToEndAsync(stream);

        (await host.Admin.DeleteAsync($"/api/keys/{id}")).ShouldBe(204).Text.ShouldBeEmpty();

        (await caller.GetAsync("/api/me")).ShouldBeProblem(401);
        await end.WaitAsync(TimeSpan.FromSeconds(20), ManagerHost.Cancellation);
        (await host.Admin.DeleteAsync($"/api/keys/{id}")).ShouldBeProblem(404);
    }

    [Fact]
    public async Task Everybody_makes_keys_for_themselves_and_what_is_made_with_them_is_theirs()
    {
        using var bound = new Caller(host.Address, ManagerHost.KeyOf("bound"));
        var (_, caller) = await MakeAsync(bound, "editor");
        using var laptop = caller;

        var me = (await laptop.GetAsync("/api/me")).ShouldBe(200).Json;
        me.Text("name").ShouldStartWith("bound/");
        me["limits"]!
            .ToJsonString()
            .ShouldBe("""{"namespaces":["team-a-*"],"own_clusters":true,"max_clusters":2,"max_ttl_hours":null}""");
        var name = Rows.UniqueName();
        await laptop.CreateAsync(new { name, @namespace = $"team-a-{name}" });
        (await bound.GetAsync($"/api/clusters/{name}")).ShouldBe(200).Json.Text("created_by").ShouldStartWith("bound/");
    }

    [Fact]
    public async Task Keys_of_others_are_not_there()
    {
        var (own, first) = await MakeAsync(host.Editor, "viewer");
        var (others, second) = await MakeAsync(host.OtherEditor, "viewer");
        using var one = first;
        using var two = second;

        var listed = (await host.Editor.GetAsync("/api/keys?limit=500")).ShouldBe(200).Json;
        var ids = listed["keys"]!.AsArray().Select(k => k.Text("id")).ToList();
        ids.ShouldContain(own);
        ids.ShouldNotContain(others);
        listed.Number("total").ShouldBe(ids.Count);
        (await host.Editor.DeleteAsync($"/api/keys/{others}")).ShouldBeProblem(404);
        (await two.GetAsync("/api/me")).ShouldBe(200);
        (await host.Editor.DeleteAsync($"/api/keys/{own}")).ShouldBe(204);
        (await one.GetAsync("/api/me")).ShouldBeProblem(401);
    }

    [Fact]
    public async Task Pages_go_on_where_the_last_one_ended()
    {
        var ids = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            var (id, caller) = await MakeAsync(host.Viewer, "viewer");
            caller.Dispose();
            ids.Add(id);
        }

        var first = (await host.Viewer.GetAsync("/api/keys?limit=2")).ShouldBe(200).Json;
        var cursor = Uri.EscapeDataString(first.Text("next_cursor"));
        var second = (await host.Viewer.GetAsync($"/api/keys?limit=2&cursor={cursor}")).ShouldBe(200).Json;

        first["keys"]!
            .AsArray()
            .Concat(second["keys"]!.AsArray())
            .Select(k => k.Text("id"))
            .Take(3)
            .ShouldBe(ids.AsEnumerable().Reverse());
        (await host.Viewer.GetAsync("/api/keys?cursor=WyJ4Il0")).ShouldBeInvalid("cursor");
    }

    [Theory]
    [InlineData("""{"name":"x","role":"admin"}""", 403, "cannot be admin")]
    [InlineData("""{"name":"x","role":"editor","namespaces":["team-b"]}""", 403, "team-b")]
    [InlineData("""{"name":"x","role":"editor","namespaces":["*"]}""", 403, "bound to team-a-*")]
    [InlineData("""{"name":"x","role":"editor","max_clusters":3}""", 403, "may have 2")]
    [InlineData("""{"name":"x"}""", 422, "role is required")]
    [InlineData("""{"role":"viewer"}""", 422, "name is required")]
    [InlineData("""{"name":"a/b","role":"viewer"}""", 422, "name must be")]
    [InlineData("""{"name":"x\n","role":"viewer"}""", 422, "name must be")]
    [InlineData("""{"name":"x","role":"root"}""", 422, "viewer, editor or admin")]
    [InlineData("""{"name":"x","role":"viewer","expires_in_hours":0}""", 422, "expires_in_hours")]
    [InlineData("""{"name":"x","role":"viewer","namespaces":[]}""", 422, "namespaces")]
    [InlineData("""{"name":"x","role":"viewer","namespaces":["A"]}""", 422, "namespaces")]
    [InlineData("""{"name":"x","role":"viewer","namespaces":[null]}""", 422, "namespaces")]
    [InlineData("""{"name":"x","role":"viewer","max_ttl_hours":721}""", 422, "max_ttl_hours")]
    public async Task What_would_be_more_than_the_caller_or_is_wrong_is_refused(string body, int status, string words)
    {
        using var bound = new Caller(host.Address, ManagerHost.KeyOf("bound"));

        (await bound.PostAsync("/api/keys", body)).ShouldBeProblem(status).Detail.ShouldContain(words);
    }

    [Fact]
    public async Task Keys_and_strangers_make_no_keys()
    {
        var (_, caller) = await MakeAsync(host.Editor, "editor");
        using var made = caller;
        var stranger = Jwt.Hmac(
            new
            {
                sub = "stranger",
                scope = "api",
                exp = Jwt.Seconds(TimeProvider.System.GetUtcNow().AddHours(1)),
            }
        );
        using var known = new Caller(host.Address, stranger, bearer: true);

        foreach (var who in new[] { made, known })
        {
            (await who.PostAsync("/api/keys", new { name = "more", role = "viewer" }))
                .ShouldBeProblem(403)
                .Detail.ShouldContain("Keys are made by admins");
        }
    }

    [Fact]
    public async Task Names_are_taken_once_and_admins_are_not_bound()
    {
        var name = Rows.UniqueName();
        (await host.Admin.PostAsync("/api/keys", new { name, role = "viewer" })).ShouldBe(201);
        (await host.Admin.PostAsync("/api/keys", new { name, role = "viewer" })).ShouldBeProblem(409);
        (await host.Admin.PostAsync("/api/keys", new { name = "editor", role = "viewer" })).ShouldBeProblem(409);
        (
            await host.Admin.PostAsync(
                "/api/keys",
                new
                {
                    name = "a1",
                    role = "admin",
                    max_clusters = 1,
                }
            )
        ).ShouldBeProblem(422).Detail.ShouldContain("admin");
    }

    [Fact]
    public async Task Last_use_is_seen_at_once_and_written_later()
    {
        var (id, caller) = await MakeAsync(host.Editor, "viewer");
        using var known = caller;
        (await LastUseAsync(id)).ShouldBeNull();

        await known.GetAsync("/api/me");
        (await LastUseAsync(id)).ShouldNotBeNull();
        (await RowUseAsync(id)).ShouldBeNull("a request must not wait for it");

        await host
            .Services.GetServices<IHostedService>()
            .OfType<LastUseWriter>()
            .Single()
            .WriteAsync(ManagerHost.Cancellation);
        (await RowUseAsync(id)).ShouldNotBeNull();
        (await LastUseAsync(id)).ShouldNotBeNull();
    }

    private async Task<string?> LastUseAsync(string id) =>
        (await host.Editor.GetAsync("/api/keys?limit=500")).Json["keys"]!
            .AsArray()
            .Single(k => k.Text("id") == id)!["last_used"]
            ?.GetValue<string>();

    private Task<DateTimeOffset?> RowUseAsync(string id) =>
        host.Stores.ReadAsync(async store =>
            (await store.ApiKeys.AsNoTracking().SingleAsync(k => k.Id == Guid.Parse(id))).LastUsedAt
        );

    private async Task<(string Id, Caller Caller)> MakeAsync(Caller by, string role)
    {
        var made = (await by.PostAsync("/api/keys", new { name = Rows.UniqueName(), role })).ShouldBe(201).Json;
        return (made.Text("id"), new Caller(host.Address, made.Text("key")));
    }

    private static async Task ReadToEndAsync(Stream stream)
    {
        var buffer = new byte[1024];
        try
        {
            while (await stream.ReadAsync(buffer, ManagerHost.Cancellation) > 0) { }
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            // Cut off, as it should be.
        }
    }

    /// <summary>A quiet manager with somebody who is bound.</summary>
    public sealed class Host : ManagerHost
    {
        private protected override Dictionary<string, string> Faults => new() { ["cli-hang"] = "before" };

        private protected override ManagerOptions Configure(ManagerOptions options) =>
            options with
            {
                Auth = options.Auth with
                {
                    Jwt = new JwtOptions
                    {
                        Algorithm = "HS256",
                        Secret = System.Text.Encoding.UTF8.GetBytes(Jwt.Secret),
                        PrivateKey = null,
                        Lifetime = TimeSpan.FromMinutes(30),
                        Issuer = null,
                        Audience = null,
                    },
                    ApiKeys =
                    [
                        .. options.Auth.ApiKeys,
                        new ConfiguredApiKey("bound", KeyText.HashOf(KeyOf("bound")), Role.Editor, null)
                        {
                            Limits = new Limits
                            {
                                Namespaces = ["team-a-*"],
                                OwnClusters = true,
                                MaxClusters = 2,
                            },
                        },
                    ],
                },
            };
    }
}
