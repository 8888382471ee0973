using System.Net.Http.Json;
using VClusterManager.Bench.Measuring;
using VClusterManager.Bench.Seeding;
using VClusterManager.Bench.World;
using VClusterManager.Contracts;

namespace VClusterManager.Bench.Figures;

/// <summary>Requests per second of what is read most.</summary>
internal sealed class ReadsFigure : IFigure
{
    private const string ListPath = "/api/clusters?limit=50";

    public string Name => "reads";

    public string Question => "How much of what Kestrel can do is left when lists and single clusters are read?";

    public string Method =>
        "1,000 clusters that run, in the database and on an emulated host; the server is read-only. Beside it, as a "
        + "process of its own: a bare Kestrel that answers the very same bytes to everybody, without authentication. "
        + "`wrk`, 2 threads, 32 connections, in turns. In the lines about answers made anew each request selects by "
        + "another label, so that no answer can have been given before.";

    public async Task<IReadOnlyList<Measurement>> MeasureAsync(Workshop workshop)
    {
        var count = workshop.Options.Pick(1_000, 50);
        var sandbox = await workshop.StartSandboxAsync("0ms");
        var manager = workshop.Keep(workshop.CreateManager(sandbox, readOnly: true));
        await SeededClusters.MakeAsync(sandbox, manager.Options(), count);
        await manager.StartAsync();
        using var http = manager.Client();
        await AllRunAsync(http, count);

        var one = await ComparedAsync(workshop, manager, http, "one cluster", "/api/clusters/seeded-0042");
        var list = await ComparedAsync(workshop, manager, http, "a page of 50", ListPath, Bound.RatioAtLeast(0.5));
        var anew = await ComparedAsync(workshop, manager, http, "a page of 50, made anew", ListPath, anew: true);
        var known = await ConditionalAsync(workshop, manager, http);
        return [one, list, anew, known];
    }

    /// <summary>What is about to be measured is what is said: every cluster runs, and all of its conditions hold.</summary>
    private static Task AllRunAsync(HttpClient http, int count) =>
        Clock.UntilAsync(
            $"{count} clusters are shown to run",
            every: 500,
            async () =>
            {
                var running = 0;
                for (string? cursor = ""; cursor is not null; )
                {
                    var page = await http.GetFromJsonAsync<ClusterList>(
                        $"/api/clusters?limit=500&status=Running{(cursor.Length > 0 ? $"&cursor={cursor}" : "")}",
                        BenchJson.Options
                    );
                    running += page!.Clusters.Count(c => c.Conditions.All(condition => condition.Status == "True"));
                    cursor = page.NextCursor;
                }

                var all = await http.GetFromJsonAsync<ClusterList>(ListPath, BenchJson.Options);
                return all!.Total == count && running == count;
            }
        );

    private static async Task<Measurement> ComparedAsync(
        Workshop workshop,
        ManagerServer manager,
        HttpClient http,
        string what,
        string path,
        Bound? bound = null,
        bool anew = false
    )
    {
        using var answer = await http.GetAsync(new Uri(path, UriKind.Relative));
        var bytes = await answer.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync();
        await using var bare = workshop.CreateBare((bytes, answer.Content.Headers.ContentType!.ToString()));
        await bare.StartAsync();
        return await Rates.AlternateAsync(
            workshop,
            $"{what} ({bytes.Length:n0} bytes)",
            seconds => RunAsync(workshop, new Uri(manager.Url, path), seconds, anew, ("X-API-Key", manager.Key)),
            seconds => RunAsync(workshop, new Uri(bare.Url, path), seconds, anew),
            bound
        );
    }

    /// <summary>The caller has it already: 304. Beside it an empty answer of the bare Kestrel.</summary>
    private static async Task<Measurement> ConditionalAsync(Workshop workshop, ManagerServer manager, HttpClient http)
    {
        using var answer = await http.GetAsync(new Uri(ListPath, UriKind.Relative));
        var tag = answer.Headers.ETag!.ToString();
        await using var bare = workshop.CreateBare();
        await bare.StartAsync();
        return await Rates.AlternateAsync(
            workshop,
            "a page of 50 that the caller has (304)",
            seconds =>
                RunAsync(
                    workshop,
                    new Uri(manager.Url, ListPath),
                    seconds,
                    false,
                    ("X-API-Key", manager.Key),
                    ("If-None-Match", tag)
                ),
            seconds => RunAsync(workshop, bare.Url, seconds, false),
            bound: null
        );
    }

    private static Task<double> RunAsync(
        Workshop workshop,
        Uri url,
        int seconds,
        bool anew,
        params IEnumerable<(string Name, string Value)> headers
    ) => Wrk.RunAsync(url, seconds, workshop.Folder, anew, headers);
}
