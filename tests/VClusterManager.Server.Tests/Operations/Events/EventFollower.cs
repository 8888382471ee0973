using System.Net.ServerSentEvents;
using Shouldly;

namespace VClusterManager.Server.Tests.Operations.Events;

/// <summary>One who follows the feed the way a browser does.</summary>
internal sealed class EventFollower : IAsyncDisposable
{
    private readonly HttpResponseMessage _answer;
    private readonly SseParser<string> _parser;
    private readonly IAsyncEnumerator<SseItem<string>> _events;

    public EventFollower(HttpResponseMessage answer, Stream body)
    {
        _answer = answer;
        _parser = SseParser.Create(body);
        _events = _parser.EnumerateAsync(Xunit.TestContext.Current.CancellationToken).GetAsyncEnumerator();
    }

    /// <summary>What it would come back with.</summary>
    public string LastEventId => _parser.LastEventId;

    /// <summary>The next event; null: the server ended the stream.</summary>
    public async Task<SseItem<string>?> NextAsync() => await _events.MoveNextAsync() ? _events.Current : null;

    public async Task<List<SseItem<string>>> TakeAsync(int count)
    {
        List<SseItem<string>> taken = [];
        while (taken.Count < count)
        {
            taken.Add((await NextAsync()).ShouldNotBeNull("the stream ended"));
        }
        return taken;
    }

    public async ValueTask DisposeAsync()
    {
        // Before the enumerator, which would wait for the rest of the stream.
        _answer.Dispose();
        await _events.DisposeAsync();
    }
}
