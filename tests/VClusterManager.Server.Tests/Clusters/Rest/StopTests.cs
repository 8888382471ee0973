using Shouldly;
using VClusterManager.Server.Tests.TestHost;
using Xunit;

namespace VClusterManager.Server.Tests.Clusters.Rest;

/// <summary>A server that stops keeps nobody waiting.</summary>
public sealed class StopTests(QuietHost host) : IClassFixture<QuietHost>
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Who_waits_is_answered_and_who_follows_is_cut_off()
    {
        var created = await host.Editor.CreateAsync(new { name = "endless" });
        var log = $"/api/operations/{created["operation"].Text("id")}/log?follow=true";
        await host.Editor.UntilAsync("endless", "Provisioning");
        await using var following = await host.Viewer.StreamAsync(log);
        var waiting = host.Editor.DeleteAsync("/api/clusters/endless?wait=300");
        var alsoWaiting = host.Editor.PostAsync("/api/clusters?wait=300", new { name = "next" });
        await Wait.UntilAsync(async () => (await host.CountRowsAsync()).Clusters == 2);
        using var reader = new StreamReader(following);

        var stopping = host.StopAsync();

        (await alsoWaiting.WaitAsync(Soon, TimeProvider.System)).ShouldBe(202);
        (await waiting.WaitAsync(Soon, TimeProvider.System)).ShouldBe(202);
        await Should.ThrowAsync<Exception>(reader.ReadToEndAsync().WaitAsync(Soon, TimeProvider.System));
        await stopping.WaitAsync(Soon, TimeProvider.System);
    }
}
