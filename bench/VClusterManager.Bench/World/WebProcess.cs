using VClusterManager.Bench.Measuring;

namespace VClusterManager.Bench.World;

/// <summary>A program that serves on a port of its own.</summary>
internal abstract class WebProcess(int port, string readyPath) : IAsyncDisposable
{
    private const double LookInterval = 2;

    private ProgramProcess? _process;

    public Uri Url { get; } = new($"http://127.0.0.1:{port}");

    public int Port => port;

    public ProgramProcess Process => _process ?? throw new InvalidOperationException("It was not started.");

    /// <summary>Starts it, and waits for its first 200; milliseconds from the one to the other.</summary>
    public async Task<double> StartAsync()
    {
        using var http = new HttpClient { BaseAddress = Url };
        var started = Clock.Time.GetTimestamp();
        _process = Launch();
        await Clock.UntilAsync($"{Url} answers", LookInterval, () => IsReadyAsync(http));
        return Clock.Since(started);
    }

    /// <summary>Ends it; it may be started again.</summary>
    public async Task StopAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
            _process = null;
        }
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    protected abstract ProgramProcess Launch();

    private async Task<bool> IsReadyAsync(HttpClient http)
    {
        if (Process.HasExited)
        {
            // Only then all that it said has come.
            await Process.EndAsync();
            throw new BenchException($"the program for {Url} ended:\n{Process.Output}");
        }

        try
        {
            using var answer = await http.GetAsync(new Uri(readyPath, UriKind.Relative));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
