using Shouldly;
using VClusterManager.Server.Clusters.Lifecycle;
using VClusterManager.Server.Kubernetes;
using VClusterManager.Server.Tests.Kubernetes;
using Xunit;

namespace VClusterManager.Server.Tests.Clusters.Lifecycle;

public sealed class LastWordsTests : IAsyncLifetime
{
    private const string Log = "/api/v1/namespaces/vcluster-demo/pods/demo-0/log";

    private static readonly ObservedCluster Crashing = Observed.Starting with
    {
        Pods = [Observed.Pod(Observed.Container("CrashLoopBackOff", null))],
    };

    private ScriptedHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await ScriptedHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task They_end_the_diagnosis_and_are_asked_for_within_bounds()
    {
        _host.On(Log, watch: false, ScriptedHost.Lines("one", "two", ""));

        (await OfAsync()).ShouldBe(" Its last words: two");
        _host.Requests.ShouldHaveSingleItem().ShouldContain("limitBytes=4096");
    }

    [Fact]
    public async Task A_node_that_begins_to_answer_and_does_not_go_on_is_not_waited_for()
    {
        _host.On(Log, watch: false, _host.Open("panic"));

        (await OfAsync().WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System)).ShouldBe("");
    }

    [Fact]
    public async Task A_log_that_breaks_off_does_not_cost_the_diagnosis()
    {
        _host.On(
            Log,
            watch: false,
            context =>
            {
                // More is announced than comes.
                context.Response.ContentLength = 100;
                return ScriptedHost.Lines("pan")(context);
            }
        );

        (await OfAsync()).ShouldBe("");
    }

    [Fact]
    public async Task Who_asks_can_end_it()
    {
        _host.On(Log, watch: false, _host.Open("panic"));

        await Should.ThrowAsync<OperationCanceledException>(() => OfAsync(new CancellationToken(canceled: true)));
    }

    private Task<string> OfAsync(CancellationToken cancellation = default)
    {
        var words = new LastWords(new HostReads(_host.Api, new HostView())) { Limit = TimeSpan.FromSeconds(1) };
        return words.OfAsync(Crashing, cancellation);
    }
}
