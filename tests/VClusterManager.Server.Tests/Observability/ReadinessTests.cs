using Shouldly;
using VClusterManager.Server.Tests.TestHost;
using Xunit;

namespace VClusterManager.Server.Tests.Observability;

/// <summary>A server whose host is away from the start, and then comes.</summary>
public sealed class ReadinessTests(ReadinessTests.HostlessHost host) : IClassFixture<ReadinessTests.HostlessHost>
{
    [Fact]
    public async Task It_is_starting_until_the_host_has_been_read_and_ready_then()
    {
        (await host.Anonymous.GetAsync("/readyz")).ShouldBe(503).Text.ShouldBe("""{"status":"starting"}""");
        var problems = (await host.Viewer.GetAsync("/readyz")).ShouldBe(503).Json["problems"]!.AsArray();
        problems.Select(p => p!.GetValue<string>()).ShouldContain(p => p.StartsWith("The host has not been read yet"));
        (await host.Anonymous.GetAsync("/health")).ShouldBe(200);

        // Whose a namespace is, nobody knows yet: unknown is not free.
        var early = await host.Editor.PostAsync("/api/clusters", new { name = "early" });
        early.ShouldBe(503).Json.Text("detail").ShouldStartWith("The host has not been read yet");
        (await host.Viewer.GetAsync("/api/clusters")).ShouldBe(200).Json.Number("total").ShouldBe(0);

        await host.MendAsync("api-away");
        await Wait.UntilAsync(async () => (await host.Viewer.GetAsync("/readyz")).Status == 200);
        await host.Editor.CreateAsync(new { name = "early" });
        await host.Editor.UntilAsync("early", "Running");
        (await host.Viewer.GetAsync("/readyz")).Json.Text("status").ShouldBe("ready");
    }

    /// <summary>The host refuses connections.</summary>
    public sealed class HostlessHost : ManagerHost
    {
        private protected override Dictionary<string, string> Faults => new() { ["api-away"] = "refuse" };

        private protected override bool WaitsForHost => false;
    }
}
