using System.Net.Http.Json;
using VClusterManager.Bench.Measuring;
using VClusterManager.Bench.World;
using VClusterManager.Contracts;

namespace VClusterManager.Bench.Figures;

/// <summary>How much longer a create takes through the manager than by hand.</summary>
internal sealed class CreateFigure : IFigure
{
    public string Name => "create";

    public string Question => "What does the manager add to the time of a create?";

    public string Method =>
        "A POST that waits until the cluster is Running. Beside it, in turns and on the same emulated host (control "
        + "planes become ready after 1 s): the namespace is made, the CLI is run with the same arguments, values and "
        + "environment as the manager runs it, and then the host is asked every 20 ms until the StatefulSet is ready "
        + "and the kubeconfig's Secret is there.";

    public async Task<IReadOnlyList<Measurement>> MeasureAsync(Workshop workshop)
    {
        var sandbox = await workshop.StartSandboxAsync(workshop.Options.Short ? "300ms" : "1s");
        var manager = await workshop.StartManagerAsync(sandbox);
        var bare = new BareCreate(sandbox, manager.Options(), workshop.NewFolder());
        using var http = manager.Client();
        if (!workshop.Options.Short)
        {
            await CreateAsync(http, "warm-up");
            await bare.RunAsync("bare-warm-up");
        }

        var pairs = new Pairs();
        for (var i = 0; i < workshop.Options.Pick(20, 1); i++)
        {
            var name = $"created-{i}";
            pairs.Add(
                await Clock.TakeAsync(() => CreateAsync(http, name)),
                await Clock.TakeAsync(() => bare.RunAsync($"bare-{i}"))
            );
        }

        return [pairs.Measured("a create, until it runs", 0.5, Bound.RatioAtMost(1.05))];
    }

    private static async Task CreateAsync(HttpClient http, string name)
    {
        using var answer = await http.PostAsJsonAsync("/api/clusters?wait=120", new { name });
        var cluster = await answer.Content.ReadFromJsonAsync<Cluster>(BenchJson.Options);
        if (cluster is not { Status: ClusterStatus.Running })
        {
            throw new BenchException($"{name} is {cluster?.Status}: {cluster?.Message}");
        }
    }
}
