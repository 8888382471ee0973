using System.Text.Json.Nodes;
using Shouldly;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Tests.TestHost;
using Xunit;

namespace VClusterManager.Server.Tests.Webhooks;

/// <summary>Without a secret, nobody comes in, and it is said.</summary>
public sealed class ClosedDoorTests(ClosedDoorTests.SecretlessHost host) : IClassFixture<ClosedDoorTests.SecretlessHost>
{
    [Fact]
    public async Task Enabled_without_a_secret_every_delivery_is_answered_with_503()
    {
        foreach (var secret in (string[])["", "x"])
        {
            using WebhookSender sender = new(host.Address, secret);
            var reply = await sender.SendAsync("github", "pull_request", new JsonObject());
            reply.Status.ShouldBe(503);
            JsonNode.Parse(reply.Text).Text("detail").ShouldContain("webhooks.github.secret");
            (await sender.SendAsync("bitbucket_server", "diagnostics:ping", new JsonObject())).Status.ShouldBe(503);
        }
    }

    [Fact]
    public async Task One_that_is_off_is_not_there()
    {
        using WebhookSender sender = new(host.Address, "known");

        (await sender.SendAsync("gitlab", "Merge Request Hook", new JsonObject())).Status.ShouldBe(404);
    }

    [Fact]
    public async Task What_is_closed_is_told_where_people_look()
    {
        var info = (await host.Anonymous.GetAsync("/api/info")).Json["webhooks_enabled"]!;
        info["github"]!.GetValue<bool>().ShouldBeFalse();
        info["bitbucket"]!.GetValue<bool>().ShouldBeFalse();
        info["gitlab"]!.GetValue<bool>().ShouldBeFalse();

        var ready = (await host.Viewer.GetAsync("/readyz")).ShouldBe(200).Json;
        ready.Text("status").ShouldBe("degraded");
        const string Words = "Webhooks of github, bitbucket are enabled and have no secret";
        ready["problems"]!.AsArray().Select(p => p!.GetValue<string>()).ShouldContain(p => p.StartsWith(Words));
        host.Log.Lines.ShouldContain(line => line.Text.StartsWith(Words));
    }

    public sealed class SecretlessHost : ManagerHost
    {
        private protected override ManagerOptions Configure(ManagerOptions options) =>
            options with
            {
                Webhooks = new WebhookOptions
                {
                    GitHub = new WebhookDoorOptions(Enabled: true, []),
                    Bitbucket = new WebhookDoorOptions(Enabled: true, []),
                    GitLab = new WebhookDoorOptions(Enabled: false, ["known"]),
                },
            };
    }
}
