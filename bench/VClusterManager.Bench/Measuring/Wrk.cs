using System.Globalization;
using System.Text.RegularExpressions;
using VClusterManager.Bench.World;

namespace VClusterManager.Bench.Measuring;

/// <summary>The load generator wrk: as many requests as can be answered.</summary>
internal static partial class Wrk
{
    private const int Threads = 2;
    private const int Connections = 32;

    /// <summary>Requests that each ask for something else, so that nothing can have been answered before.</summary>
    private const string EveryOneAnew = """
        local threads = 0
        function setup(thread) threads = threads + 1; thread:set("id", threads) end
        local count = 0
        function request()
          count = count + 1
          return wrk.format("GET", wrk.path .. "&label_selector=%21n" .. id .. "x" .. count)
        end
        """;

    /// <summary>Requests per second; fails when one was answered with an error.</summary>
    public static async Task<double> RunAsync(
        Uri url,
        int seconds,
        string folder,
        bool everyOneAnew = false,
        params IEnumerable<(string Name, string Value)> headers
    )
    {
        List<string> arguments = [$"-t{Threads}", $"-c{Connections}", $"-d{seconds}s", "--timeout", "60s"];
        foreach (var (name, value) in headers)
        {
            arguments.AddRange(["-H", $"{name}: {value}"]);
        }

        if (everyOneAnew)
        {
            var script = Path.Combine(folder, "every-one-anew.lua");
            await File.WriteAllTextAsync(script, EveryOneAnew);
            arguments.AddRange(["-s", script]);
        }

        await using var run = ProgramProcess.Start("wrk", [.. arguments, url.AbsoluteUri], folder);
        var exit = await run.EndAsync();
        if (exit != 0 || Errors().IsMatch(run.Output) || !Rate().IsMatch(run.Output))
        {
            throw new BenchException($"wrk {url} went wrong:\n{run.Output}");
        }

        return double.Parse(Rate().Match(run.Output).Groups["rate"].Value, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"Requests/sec:\s+(?<rate>[\d.]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Rate();

    [GeneratedRegex("Non-2xx or 3xx|Socket errors", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Errors();
}
