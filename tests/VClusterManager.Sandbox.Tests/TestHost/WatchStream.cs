using System.Text.Json.Nodes;

namespace VClusterManager.Sandbox.Tests.TestHost;

/// <summary>An open watch, read event by event.</summary>
internal sealed class WatchStream : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly HttpResponseMessage _answer;
    private readonly StreamReader _reader;

    private WatchStream(HttpResponseMessage answer, StreamReader reader)
    {
        _answer = answer;
        _reader = reader;
    }

    public static async Task<WatchStream> OpenAsync(HttpClient client, string path, string accept = "application/json")
    {
        var separator = path.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{path}{separator}watch=true");
        request.Headers.TryAddWithoutValidation("Accept", accept);
        var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        answer.EnsureSuccessStatusCode();
        return new WatchStream(answer, new StreamReader(await answer.Content.ReadAsStreamAsync()));
    }

    /// <summary>The next event; null at the end.</summary>
    public async Task<JsonObject?> NextAsync()
    {
        var line = await _reader.ReadLineAsync().WaitAsync(Patience, TimeProvider.System);
        return line is null ? null : (JsonObject)JsonNode.Parse(line)!;
    }

    /// <summary>The first event that is as wanted; those before it are passed over.</summary>
    public async Task<JsonObject> UntilAsync(Func<JsonObject, bool> wanted)
    {
        while (await NextAsync() is { } change)
        {
            if (wanted(change))
            {
                return change;
            }
        }

        throw new InvalidOperationException("the watch ended");
    }

    /// <summary>Whether it stays silent for a while.</summary>
    public async Task<bool> IsSilentAsync(TimeSpan span)
    {
        var next = _reader.ReadLineAsync();
        return await Task.WhenAny(next, Task.Delay(span, TimeProvider.System)) != next;
    }

    public void Dispose()
    {
        _answer.Dispose();
        _reader.Dispose();
    }
}
