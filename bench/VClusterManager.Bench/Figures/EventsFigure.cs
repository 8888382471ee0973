using System.Net.Http.Json;
using System.Text;
using VClusterManager.Bench.Measuring;
using VClusterManager.Bench.World;

namespace VClusterManager.Bench.Figures;

/// <summary>How soon a change reaches many who follow the events.</summary>
internal sealed class EventsFigure : IFigure
{
    /// <summary>Between two changes: what the one before has set off is over.</summary>
    private const double Rest = 150;

    public string Name => "events";

    public string Question => "How soon does a change reach 1,000 readers of the events?";

    public string Method =>
        "1,000 readers of `GET /api/events`, all in one process on the same machine; a label of a cluster is changed, "
        + "and each reader is timed from the moment in which the PATCH is sent (so its commit is part of it) to the "
        + "arrival of the event. Beside it: a bare Kestrel that sends the same bytes to 1,000 connections. One change "
        + "each in turns.";

    public async Task<IReadOnlyList<Measurement>> MeasureAsync(Workshop workshop)
    {
        var (count, clusters) = (workshop.Options.Pick(1_000, 50), workshop.Options.Pick(3, 1));
        var sandbox = await workshop.StartSandboxAsync("300ms");
        var manager = await workshop.StartManagerAsync(sandbox);
        var bare = await workshop.StartBareAsync();
        using var http = manager.Client();
        using var bareHttp = new HttpClient { BaseAddress = bare.Url };
        for (var i = 0; i < clusters; i++)
        {
            using var made = await http.PostAsJsonAsync("/api/clusters?wait=120", new { name = $"seen-{i}" });
            made.EnsureSuccessStatusCode();
        }

        await using var ours = await EventReaders.ConnectAsync(manager.Port, "/api/events", manager.Key, count);
        await using var theirs = await EventReaders.ConnectAsync(bare.Port, "/events", key: null, count);
        await Clock.PauseAsync(workshop.Options.Pick(2_000, 200));
        var bytes = Encoding.UTF8.GetBytes(await FirstEventAsync(http, ours));
        var arrivals = new Pairs();
        for (var i = 0; i < workshop.Options.Pick(50, 3); i++)
        {
            var change = i;
            arrivals.AddRange(
                await ours.TimeAsync(() => PatchAsync(http, change, change % clusters)),
                await theirs.TimeAsync(() => PublishAsync(bareHttp, bytes))
            );
            await Clock.PauseAsync(Rest);
        }

        var memory = new Pairs();
        memory.Add(manager.Process.ResidentMebibytes, bare.Process.ResidentMebibytes);
        return
        [
            arrivals.Measured("from the change to a reader, p50", 0.5),
            arrivals.Measured("from the change to a reader, p99", 0.99, Bound.AtMost(200, "ms")),
            memory.Measured("memory with all readers", 0.5, unit: Unit.Mebibytes),
        ];
    }

    /// <summary>The bytes of an event as they come, which the other side sends too.</summary>
    private static async Task<string> FirstEventAsync(HttpClient http, EventReaders readers)
    {
        using var stream = await http.GetStreamAsync(new Uri("/api/events", UriKind.Relative));
        using var lines = new StreamReader(stream);
        await readers.TimeAsync(() => PatchAsync(http, -1, 0));
        var text = new StringBuilder();
        while (await lines.ReadLineAsync() is { } line)
        {
            text.Append(line).Append('\n');
            if (line.Length == 0 && text.ToString().Contains("event: cluster", StringComparison.Ordinal))
            {
                return text.ToString();
            }

            if (line.Length == 0)
            {
                text.Clear();
            }
        }

        throw new BenchException("the stream of events ended");
    }

    private static async Task PatchAsync(HttpClient http, int number, int cluster)
    {
        using var answer = await http.PatchAsJsonAsync(
            $"/api/clusters/seen-{cluster}",
            new { labels = new Dictionary<string, string> { ["change"] = $"n{number}" } }
        );
        answer.EnsureSuccessStatusCode();
    }

    private static async Task PublishAsync(HttpClient http, byte[] bytes)
    {
        using var body = new ByteArrayContent(bytes);
        using var answer = await http.PostAsync(new Uri("/publish", UriKind.Relative), body);
        answer.EnsureSuccessStatusCode();
    }
}
