using System.Collections.Concurrent;
using Shouldly;
using VClusterManager.Server.Tests.TestHost;
using Xunit;

namespace VClusterManager.Server.Tests.DynamicEndpoints;

/// <summary>The file changes while requests come.</summary>
public sealed class ReloadTests(ReloadTests.Host host) : IClassFixture<ReloadTests.Host>
{
    private const string Base = "/api/dynamic";
    private const int Rate = 200;

    private static readonly TimeSpan s_lasts = TimeSpan.FromSeconds(20);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_request_fails_because_of_a_reload()
    {
        using Caller caller = new(host.Address, ManagerHost.KeyOf("admin"));
        var began = TimeProvider.System.GetTimestamp();
        ConcurrentBag<string> failures = [];
        ConcurrentBag<string> versions = [];
        ConcurrentBag<string> readiness = [];
        var reloads = ReloadAsync();

        List<Task> requests = [];
        while (TimeProvider.System.GetElapsedTime(began) is var elapsed && elapsed < s_lasts)
        {
            while (requests.Count < elapsed.TotalSeconds * Rate)
            {
                requests.Add(OneAsync(requests.Count));
            }

            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Cancellation);
        }

        await Task.WhenAll(requests);
        var written = await reloads;

        requests.Count.ShouldBeGreaterThan(Rate * (int)s_lasts.TotalSeconds / 2);
        failures.ShouldBeEmpty();
        // Otherwise nothing would have been reloaded.
        written.ShouldBeGreaterThan(5);
        versions.Distinct().Count().ShouldBeGreaterThan(2);
        readiness.ShouldContain(r => r.Contains("is not known here"));

        async Task OneAsync(int number)
        {
            var path = (number % 10) switch
            {
                0 => $"{Base}/run",
                1 => $"{Base}/version",
                2 => "/readyz",
                3 => Base,
                _ => $"{Base}/cached",
            };
            var answer = await caller.GetAsync(path);
            if (answer.Status != 200)
            {
                failures.Add($"{path}: {answer.Status} {answer.Text}");
            }

            (
                path switch
                {
                    $"{Base}/version" => versions,
                    "/readyz" => readiness,
                    _ => [],
                }
            ).Add(answer.Text);
        }

        async Task<int> ReloadAsync()
        {
            var count = 0;
            while (TimeProvider.System.GetElapsedTime(began) < s_lasts)
            {
                await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, Cancellation);
                count++;
                var text = Host.Text(count) + (count % 3 == 0 ? "    colour: red\n" : "");
                if (count % 2 == 0)
                {
                    // In place, so that half a file can be seen.
                    await File.WriteAllTextAsync(host.File, text, Cancellation);
                }
                else
                {
                    await File.WriteAllTextAsync(host.File + ".new", text, Cancellation);
                    File.Move(host.File + ".new", host.File, overwrite: true);
                }
            }

            return count;
        }
    }

    public sealed class Host : DynamicHost
    {
        private protected override string Yaml => Text(0);

        internal static string Text(int version) =>
            $$"""
                endpoints:
                  - { name: cached, description: Cached., path: /cached, command: tool, args: [say, x], cache: 1s }
                  - { name: run, description: Not cached., path: /run, command: tool, args: [say, x], concurrency: 60 }
                  - name: moving-{{version}}
                    description: Another one each time.
                    path: /moving/{{version}}
                    command: tool
                    args: [say, x]
                  - name: version
                    description: Says another thing each time.
                    path: /version
                    command: tool
                    args: [say, "{{version}}"]
                    cache: 1h

                """.ReplaceLineEndings("\n");
    }
}
