using System.Net.Http.Json;
using VClusterManager.Bench.Measuring;
using VClusterManager.Bench.World;
using VClusterManager.Contracts;

namespace VClusterManager.Bench.Figures;

/// <summary>From the acceptance of a create to the start of the CLI, and how long the acceptance itself takes.</summary>
internal sealed class AcceptFigure : IFigure
{
    public string Name => "accept";

    public string Question => "How soon does somebody work on what was accepted?";

    public string Method =>
        "Creates one after the other on an emulated host; `vcluster` is a script that writes down the time and becomes "
        + "the stand-in. Measured from the answer (202) to that time; the namespace is made in between. Beside it: the "
        + "same script started directly. The POST itself stands beside a POST to a bare Kestrel; the first POST of a "
        + "fresh process is sent as soon as `/readyz` (of the bare one: any path) answers 200.";

    public async Task<IReadOnlyList<Measurement>> MeasureAsync(Workshop workshop)
    {
        var sandbox = await workshop.StartSandboxAsync("300ms");
        var tool = new RecordedTool(workshop.NewFolder(), sandbox.State.VCluster);
        var (posts, starts) = (new Pairs(), new Pairs());
        var manager = await workshop.StartManagerAsync(sandbox, tool.Executable);
        var bare = await workshop.StartBareAsync();
        using var http = manager.Client();
        using var bareHttp = new HttpClient { BaseAddress = bare.Url };
        for (var i = 0; i < workshop.Options.Pick(40, 1); i++)
        {
            var name = $"accepted-{i}";
            var (took, answered) = await PostAsync(http, name);
            posts.Add(took, (await PostAsync(bareHttp, name)).Took);
            await RunsAsync(http, name);
            starts.Add(
                (tool.StartOf($"create {name}")!.Value - answered).TotalMilliseconds,
                await tool.StartHereAsync("--version", $"direct-{i}")
            );
        }

        var first = await FirstAsync(workshop, sandbox);
        return
        [
            starts.Measured("from the answer to the start of the CLI, p50", 0.5, Bound.AtMost(20, "ms")),
            starts.Measured("from the answer to the start of the CLI, p95", 0.95),
            posts.Measured("the POST itself, p50", 0.5),
            posts.Measured("the POST itself, p95", 0.95),
            first.Measured("the first POST of a fresh process", 0.5, Bound.AtMost(50, "ms")),
        ];
    }

    private static async Task<Pairs> FirstAsync(Workshop workshop, World.Sandbox sandbox)
    {
        var pairs = new Pairs();
        for (var i = 0; i < workshop.Options.Pick(7, 1); i++)
        {
            await using var manager = workshop.CreateManager(sandbox);
            await using var bare = workshop.CreateBare();
            using var http = manager.Client();
            using var bareHttp = new HttpClient { BaseAddress = bare.Url };
            await manager.StartAsync();
            var ours = (await PostAsync(http, $"first-{i}")).Took;
            await bare.StartAsync();
            pairs.Add(ours, (await PostAsync(bareHttp, $"first-{i}")).Took);
            await RunsAsync(http, $"first-{i}");
        }

        return pairs;
    }

    private static async Task<(double Took, DateTimeOffset Answered)> PostAsync(HttpClient http, string name)
    {
        using var body = JsonContent.Create(new { name });
        // Made ready before: it is the server that is measured.
        await body.LoadIntoBufferAsync();
        var started = Clock.Time.GetTimestamp();
        using var answer = await http.PostAsync(new Uri("/api/clusters", UriKind.Relative), body);
        var took = Clock.Since(started);
        var now = Clock.Time.GetUtcNow();
        answer.EnsureSuccessStatusCode();
        return (took, now);
    }

    private static Task RunsAsync(HttpClient http, string name) =>
        Clock.UntilAsync(
            $"{name} runs",
            every: 50,
            async () =>
            {
                var cluster = await http.GetFromJsonAsync<Cluster>($"/api/clusters/{name}", BenchJson.Options);
                return cluster!.Status switch
                {
                    ClusterStatus.Running => true,
                    ClusterStatus.Failed => throw new BenchException($"{name} failed: {cluster.Message}"),
                    _ => false,
                };
            }
        );
}
