using System.Diagnostics;
using VClusterManager.Bench.Measuring;
using VClusterManager.Bench.World;

namespace VClusterManager.Bench.Figures;

/// <summary>What an endpoint of YAML costs beyond the command that it runs, and what one costs whose answer is known.</summary>
internal sealed class DynamicFigure : IFigure
{
    private const string Command = "/bin/echo";

    private const string Endpoints = """
        endpoints:
          - name: plain
            description: Says what it is told.
            path: /plain/{word}
            role: viewer
            command: echo
            args: ["{word}"]
            parameters: { word: { in: path } }
          - name: cached
            description: Says what it is told, once.
            path: /cached/{word}
            role: viewer
            command: echo
            args: ["{word}"]
            cache: 1h
            parameters: { word: { in: path } }

        """;

    public string Name => "dynamic";

    public string Question => "What does a dynamic endpoint cost beyond its command?";

    public string Method =>
        $"`GET` of an endpoint that runs `{Command}`, one after the other, beside the same command started by this program "
        + "and read to its end, in turns. And an endpoint with a parameter whose answer is kept, beside `GET /api/me`, which "
        + "is put together from memory for the same caller; `wrk`, 2 threads, 32 connections, in turns.";

    public async Task<IReadOnlyList<Measurement>> MeasureAsync(Workshop workshop)
    {
        var manager = workshop.Keep(workshop.CreateManager(await workshop.StartSandboxAsync("0ms")));
        await File.WriteAllTextAsync(manager.EndpointsFile, Endpoints);
        await manager.StartAsync();
        using var http = manager.Client();
        var runs = await RunsAsync(http, workshop.Options.Pick(500, 5));

        (string, string) key = ("X-API-Key", manager.Key);
        Uri cached = new(manager.Url, "/api/dynamic/cached/word");
        Uri me = new(manager.Url, "/api/me");
        var rate = await Rates.AlternateAsync(
            workshop,
            "an endpoint whose answer is kept, beside `GET /api/me`",
            seconds => Wrk.RunAsync(cached, seconds, workshop.Folder, headers: key),
            seconds => Wrk.RunAsync(me, seconds, workshop.Folder, headers: key),
            new Bound("20,000/s or a ratio of 0.7", m => m.ManagerValue >= 20_000 || m.Ratio >= 0.7)
        );
        return
        [
            runs.Measured(
                $"an endpoint that runs `{Command}`, p50",
                0.5,
                new Bound("at most 10 ms more", m => m.ManagerValue - m.BesideValue <= 10)
            ),
            runs.Measured($"an endpoint that runs `{Command}`, p95", 0.95),
            rate,
        ];
    }

    private static async Task<Pairs> RunsAsync(HttpClient http, int rounds)
    {
        const int WarmUp = 10;
        Pairs pairs = new();
        for (var round = -WarmUp; round < rounds; round++)
        {
            var began = Stopwatch.GetTimestamp();
            var answer = await http.GetStringAsync(new Uri("/api/dynamic/plain/word", UriKind.Relative));
            var manager = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            var beside = await BareAsync();
            if (answer != "word\n")
            {
                throw new BenchException($"the endpoint said {answer}");
            }

            if (round >= 0)
            {
                pairs.Add(manager, beside);
            }
        }

        return pairs;
    }

    private static async Task<double> BareAsync()
    {
        var began = Stopwatch.GetTimestamp();
        using var process = Process.Start(
            new ProcessStartInfo(Command, ["word"])
            {
                UseShellExecute = false,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        process.StandardInput.Close();
        await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }
}
