using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Tests.TestHost;
using VClusterManager.Server.Webhooks.Deliveries;
using Xunit;

namespace VClusterManager.Server.Tests.Webhooks;

/// <summary>The doors: who comes in, what is kept of it, and what is answered.</summary>
public sealed class InboxTests(InboxTests.QuietWebhooks host) : IClassFixture<InboxTests.QuietWebhooks>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Providers => [.. Recorded.Providers];

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task A_wrong_proof_is_refused_and_nothing_is_stored(string provider)
    {
        var body = Recorded.Of(provider).First(one => one.Expected != "other");
        var right = host.Sender.Proof(provider, body.Bytes);
        var before = await host.CountDeliveriesAsync();
        foreach (
            var proof in (string[])
                ["", "sha256=", right[..^1], right + "0", right.ToUpperInvariant(), "sha1=" + right, "x" + right[1..]]
        )
        {
            var reply = await host.Sender.SendAsync(provider, body.Event, body.Bytes, proof: proof);

            reply.Status.ShouldBe(401, proof);
            JsonNode.Parse(reply.Text).Text("detail").ShouldStartWith("The signature is missing");
        }

        (await host.CountDeliveriesAsync()).ShouldBe(before);
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task A_delivery_is_stored_as_it_came_and_found_again(string provider)
    {
        var body = Recorded.Of(provider).First(one => one.Expected != "other");
        var id = Guid.NewGuid().ToString();

        var reply = await host.Sender.SendAsync(provider, body.Event, body.Bytes, id);
        var again = await host.Sender.SendAsync(provider, body.Event, body.Bytes, id);

        reply.Status.ShouldBe(202, reply.Text);
        again.ShouldBe(reply, "the same once more gets the same answer");
        var shown = await host.DeliveryAsync(reply);
        (shown.Text("provider"), shown.Text("delivery_id"), shown.Text("event")).ShouldBe((provider, id, body.Event));
        shown.Number("size").ShouldBe(body.Bytes.Length);
        shown["body"].ShouldBeNull("it is for admins");
        var row = await host.Stores.ReadAsync(store =>
            store.WebhookDeliveries.SingleAsync(one => one.DeliveryId == id, Cancellation)
        );
        row.Body.ShouldBe(body.Bytes);
        var whole = await host.Admin.GetAsync($"/api/webhooks/deliveries/{row.Id}");
        JsonNode.DeepEquals(whole.Json["body"], JsonNode.Parse(body.Bytes)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_body_with_half_a_character_is_shown_as_none()
    {
        var body = Recorded.Of("github").First(one => one.Expected != "other");
        var text = Encoding.UTF8.GetString(body.Bytes);
        var odd = Encoding.UTF8.GetBytes(text.TrimEnd()[..^1] + ",\"odd\":\"\\udc00\"}");

        var reply = await host.Sender.SendAsync("github", body.Event, odd);

        reply.Status.ShouldBe(202, reply.Text);
        var id = (await host.DeliveryAsync(reply)).Text("id");
        var shown = await host.Admin.GetAsync($"/api/webhooks/deliveries/{id}");
        shown.Status.ShouldBe(200, shown.Text);
        shown.Json["body"].ShouldBeNull();
    }

    [Fact]
    public async Task A_form_is_taken_and_it_is_the_form_that_is_signed()
    {
        var json = GitHubDeliveries.Of("other/form", 1, "opened", 0).ToJsonString();
        var form = Encoding.ASCII.GetBytes("payload=" + WebUtility.UrlEncode(json));

        var reply = await host.Sender.SendAsync("github", "pull_request", form, contentType: DeliveryBody.Form);

        reply.Status.ShouldBe(202);
        (await host.DeliveryAsync(reply)).Text("pull_request").ShouldBe("github:other/form#1");
        (
            await host.Sender.SendAsync(
                "github",
                "pull_request",
                form,
                proof: host.Sender.Proof("github", Encoding.UTF8.GetBytes(json)),
                contentType: DeliveryBody.Form
            )
        ).Status.ShouldBe(401);
    }

    [Fact]
    public async Task An_earlier_secret_still_opens_the_door()
    {
        using WebhookSender before = new(host.Address, QuietWebhooks.EarlierSecret);

        (await before.SendAsync("github", "ping", new JsonObject { ["zen"] = "x" })).Status.ShouldBe(202);
    }

    [Theory]
    [InlineData("github", "ping", "ping.json")]
    [InlineData("github", "push", "push.json")]
    [InlineData("github", "something_new", "push.json")]
    [InlineData("bitbucket", "repo:push", "repo-push.json")]
    [InlineData("gitlab", "Push Hook", "push-event.json")]
    public async Task What_is_about_something_else_is_ignored_and_its_body_not_kept(
        string provider,
        string eventName,
        string file
    )
    {
        var body = Encoding.UTF8.GetBytes(Recorded.Json(provider, file).ToJsonString());

        var reply = await host.Sender.SendAsync(provider, eventName, body);

        reply.Status.ShouldBe(202);
        var shown = await host.DeliveryAsync(reply);
        (shown.Text("verdict"), shown.Text("reason")).ShouldBe(
            (
                "ignored",
                $"The event {eventName} is about something else than {(provider == "gitlab" ? "merge" : "pull")} requests."
            )
        );
        var id = shown.Text("id");
        (await host.Admin.GetAsync($"/api/webhooks/deliveries/{id}")).Json["body"].ShouldBeNull();
        (await host.Editor.PostAsync($"/api/webhooks/deliveries/{id}/replay")).ShouldBeProblem(409);
    }

    [Fact]
    public async Task The_ping_of_Data_Center_is_not_signed_and_does_nothing()
    {
        var before = await host.CountDeliveriesAsync();

        var reply = await host.Sender.SendAsync("bitbucket_server", "diagnostics:ping", "{}"u8.ToArray(), proof: "");

        (reply.Status, reply.Text).ShouldBe((200, """{"status":"ok"}"""));
        (await host.CountDeliveriesAsync()).ShouldBe(before);
        (await host.Sender.SendAsync("github", "ping", "{}"u8.ToArray(), proof: "")).Status.ShouldBe(401);
    }

    [Fact]
    public async Task What_is_larger_than_any_pull_request_is_turned_away()
    {
        var body = new byte[InboxEndpoints.MaxBody + 1];
        Array.Fill(body, (byte)' ');

        (await host.Sender.SendAsync("github", "pull_request", body)).Status.ShouldBe(413);
        (await host.Sender.SendAsync("github", "pull_request", body[1..])).Status.ShouldBe(202);
    }

    [Fact]
    public async Task A_thousand_broken_bodies_are_each_answered_and_understood_or_not()
    {
        var random = new Random(20260302);
        Recorded.Body[] bodies = [.. Recorded.Providers.SelectMany(Recorded.Of)];
        for (var i = 0; i < 1000; i++)
        {
            var body = bodies[random.Next(bodies.Length)];
            var bytes = body.Bytes;
            for (var change = random.Next(1, 20); change > 0; change--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            if (random.Next(4) == 0)
            {
                bytes = bytes[..random.Next(bytes.Length)];
            }

            var reply = await host.Sender.SendAsync(body.Provider, body.Event, bytes);
            reply.Status.ShouldBe(202, $"{i}: {body} {reply.Text}");
        }

        await Wait.UntilAsync(async () =>
            (await host.Viewer.GetAsync("/api/webhooks/deliveries?verdict=pending")).Json.Number("total") == 0
        );
        host.Log.Lines.Where(line => line.Level >= Microsoft.Extensions.Logging.LogLevel.Error).ShouldBeEmpty();
    }

    [Fact]
    public async Task Deliveries_are_listed_newest_first_in_pages_and_by_what_they_are()
    {
        for (var number = 1; number <= 3; number++)
        {
            await host.DeliveryAsync(
                await host.Sender.SendAsync(
                    "github",
                    "pull_request",
                    GitHubDeliveries.Of("other/list", number, "opened", 0)
                )
            );
        }

        var first = (await host.Viewer.GetAsync("/api/webhooks/deliveries?limit=2")).ShouldBe(200).Json;
        var second = (
            await host.Viewer.GetAsync($"/api/webhooks/deliveries?limit=500&cursor={first.Text("next_cursor")}")
        )
            .ShouldBe(200)
            .Json;
        var received = first["deliveries"]!
            .AsArray()
            .Concat(second["deliveries"]!.AsArray())
            .Select(one => one.Time("received"))
            .ToList();
        received.ShouldBe(received.OrderDescending());

        var one = await host.Viewer.GetAsync("/api/webhooks/deliveries?pull_request=github%3Aother%2Flist%232");
        one.Json.Number("total").ShouldBe(1);
        (await host.Viewer.GetAsync("/api/webhooks/deliveries?provider=gitea")).Json.Number("total").ShouldBe(0);
        (await host.Viewer.GetAsync("/api/webhooks/deliveries?verdict=nice")).ShouldBeInvalid("verdict");
        (await host.Viewer.GetAsync("/api/webhooks/deliveries?event=%00")).Json.Number("total").ShouldBe(0);
    }

    [Fact]
    public async Task Who_sees_only_some_clusters_sees_no_deliveries()
    {
        var reply = await host.Sender.SendAsync("github", "ping", new JsonObject());
        var id = JsonNode.Parse(reply.Text).Text("id");
        var made = await host.Admin.PostAsync(
            "/api/keys",
            new
            {
                name = Rows.UniqueName(),
                role = "editor",
                own_clusters = true,
            }
        );
        using Caller bound = new(host.Address, made.ShouldBe(201).Json.Text("key"));

        (await bound.GetAsync("/api/webhooks/deliveries")).ShouldBe(200).Json.Number("total").ShouldBe(0);
        (await bound.GetAsync($"/api/webhooks/deliveries/{id}")).ShouldBeProblem(404);
        (await bound.PostAsync($"/api/webhooks/deliveries/{id}/replay")).ShouldBeProblem(404);
    }

    [Fact]
    public async Task Deliveries_are_no_entries_of_the_audit_and_replays_are()
    {
        var reply = await host.Sender.SendAsync(
            "github",
            "pull_request",
            GitHubDeliveries.Of("other/audit", 1, "opened", 0)
        );
        var shown = await host.DeliveryAsync(reply);

        (await host.Editor.PostAsync($"/api/webhooks/deliveries/{shown.Text("id")}/replay")).ShouldBe(202);

        (await host.DeliveryAsync(reply)).Number("replays").ShouldBe(1);
        var audit = (await host.Admin.GetAsync("/api/audit?limit=500")).Json["entries"]!.AsArray();
        audit
            .Where(entry => entry.Text("result") == "accepted")
            .Select(entry => (entry.Text("action"), entry!["target"]?.GetValue<string>()))
            .ShouldBe(
                [
                    ("delivery.replay", shown.Text("id")),
                    .. audit
                        .Where(e => e.Text("action") == "key.create")
                        .Select(e => ("key.create", e!["target"]?.GetValue<string>())),
                ],
                ignoreOrder: true
            );
    }

    [Fact]
    public async Task Neither_secrets_nor_proofs_are_kept_or_logged()
    {
        var body = Recorded.Of("gitlab").First(one => one.Expected != "other");
        await host.DeliveryAsync(await host.Sender.SendAsync("gitlab", body.Event, body.Bytes));

        host.Log.Lines.ShouldAllBe(line => !line.Text.Contains(WebhookHost.Secret) && !line.Text.Contains("sha256="));
    }

    /// <summary>No rule is about anything: nothing is made.</summary>
    public sealed class QuietWebhooks : WebhookHost
    {
        public const string EarlierSecret = "the-one-before";

        private protected override IReadOnlyList<WebhookRule> Rules => [];

        private protected override ManagerOptions Configure(ManagerOptions options)
        {
            options = base.Configure(options);
            WebhookDoorOptions door = new(Enabled: true, [Secret, EarlierSecret]);
            return options with
            {
                Webhooks = options.Webhooks with { GitHub = door, CheckInterval = TimeSpan.FromHours(1) },
            };
        }
    }
}
