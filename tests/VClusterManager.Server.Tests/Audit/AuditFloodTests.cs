using Microsoft.EntityFrameworkCore;
using Shouldly;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Tests.TestHost;
using Xunit;

namespace VClusterManager.Server.Tests.Audit;

/// <summary>What anybody can send in any number; and the end of a server.</summary>
public sealed class AuditFloodTests : IAsyncLifetime
{
    private readonly SlowHost _host = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _host.InitializeAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Refusals_of_nobody_and_too_many_requests_are_counted_and_nothing_is_lost_at_the_end()
    {
        using var wrong = new Caller(_host.Address, "wrong-key-0123456789");
        var answers = new List<int>();
        for (var i = 0; i < 40; i++)
        {
            answers.Add((await wrong.GetAsync("/api/clusters")).Status);
            answers.Add((await wrong.DeleteAsync($"/api/clusters/c{i}")).Status);
            answers.Add((await _host.Viewer.GetAsync("/api/audit")).Status);
        }
        answers.ShouldContain(429);
        (await _host.Editor.PostAsync("/api/clusters", new { name = "last" })).ShouldBe(202);

        // As by a signal: what is queued and counted is stored on the way out.
        await _host.StopAsync();

        var rows = await _host.Stores.ReadAsync(store => store.Audit.AsNoTracking().ToListAsync(Cancellation));
        var refused = rows.Where(row => row.Status is 401 or 403 or 429).ToList();
        // A minute may end while they are sent.
        refused.Count.ShouldBeInRange(3, 8);
        refused.Sum(row => row.Count).ShouldBe(120);
        refused.Where(row => row.Status == 401).ShouldAllBe(row => row.Principal == null && row.Address == "127.0.0.1");
        refused
            .Where(row => row.Status == 403)
            .ShouldAllBe(row => row.Principal == "viewer" && row.Action == "audit.read");
        rows.Single(row => row.Target == "last").Status.ShouldBe(202);
        _host
            .Log.Lines.Count(line => line.Text.Contains(": Refused, ", StringComparison.Ordinal))
            .ShouldBe(refused.Count);
    }

    /// <summary>Few requests without a credential.</summary>
    public sealed class SlowHost : ManagerHost
    {
        private protected override ManagerOptions Configure(ManagerOptions options) =>
            options with
            {
                Server = options.Server with { Limits = new LimitOptions { AnonymousPerSecond = 1 } },
            };
    }
}
