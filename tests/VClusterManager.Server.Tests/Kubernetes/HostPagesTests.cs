using Microsoft.Extensions.Time.Testing;
using Shouldly;
using VClusterManager.Server.Kubernetes;
using Xunit;
using static VClusterManager.Server.Tests.Kubernetes.ScriptedHost;

namespace VClusterManager.Server.Tests.Kubernetes;

/// <summary>Lists of many pages, as large hosts give them.</summary>
public sealed class HostPagesTests : IAsyncLifetime
{
    private ScriptedHost _host = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await ScriptedHost.StartAsync();
        _host.OnList("/api/v1/secrets", List("1"));
        _host.OnList("/api/v1/persistentvolumeclaims", List("1"));
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Each_page_has_the_time_of_a_read_and_all_of_them_may_take_longer()
    {
        // Two lists of four pages at once: no page sees more than five seconds pass, and all of them take eight.
        FakeTimeProvider time = new();
        _host.OnList(
            "/api/v1/configmaps",
            context =>
            {
                time.Advance(TimeSpan.FromSeconds(1));
                var next = context.Request.Query["continue"].ToString() + "x";
                return Json(
                    $$$"""{"metadata":{"resourceVersion":"1","continue":"{{{(next == "xxxx" ? "" : next)}}}"}}"""
                )(context);
            }
        );
        var api = new HostApi(_host.Connection, time) { Timeout = TimeSpan.FromSeconds(6) };

        (await new HostReads(api, new HostView()).BelongingsAsync(CancellationToken.None)).ShouldBeOfType<HostAnswer<
            IReadOnlyList<HostBelonging>
        >.Found>();
    }

    [Fact]
    public async Task A_page_that_does_not_come_is_not_waited_for()
    {
        _host.OnList("/api/v1/configmaps", _host.Open());
        var api = new HostApi(_host.Connection, TimeProvider.System) { Timeout = TimeSpan.FromMilliseconds(500) };

        (await new HostReads(api, new HostView()).BelongingsAsync(CancellationToken.None)).ShouldBe(
            new HostAnswer<IReadOnlyList<HostBelonging>>.Unreadable("the host's API did not answer within 0.5 s")
        );
    }
}
