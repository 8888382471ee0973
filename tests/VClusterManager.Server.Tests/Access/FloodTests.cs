using Shouldly;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Tests.TestHost;
using Xunit;

namespace VClusterManager.Server.Tests.Access;

/// <summary>Many requests at the door into clusters.</summary>
public sealed class FloodTests(FloodTests.Host host) : IClassFixture<FloodTests.Host>
{
    private const string Pods = "/k8s/vcluster-calm/calm/api/v1/pods";

    public sealed class Host : ManagerHost
    {
        private protected override ManagerOptions Configure(ManagerOptions options) =>
            options with
            {
                Server = options.Server with
                {
                    Limits = new LimitOptions { AnonymousPerSecond = 1, ReadsPerSecond = 1 },
                },
            };

        private protected override async Task StartedAsync() => await Editor.CreateRunningAsync("calm");
    }

    [Fact]
    public async Task Whoever_is_known_is_not_limited_by_rate_and_strangers_are()
    {
        // The buckets hold ten requests.
        for (var i = 0; i < 30; i++)
        {
            (await host.Viewer.GetAsync(Pods)).ShouldBe(200);
        }

        List<int> answers = [];
        for (var i = 0; i < 30 || (i < 1_000 && !answers.Contains(429)); i++)
        {
            using var stranger = new Caller(
                host.Address,
                "vcmc_" + new string((char)('A' + (i % 26)), 43),
                bearer: true
            );
            answers.Add((await stranger.GetAsync(Pods)).Status);
        }

        answers.Distinct().ShouldBe([401, 429]);
    }
}
