using System.Collections.Immutable;

namespace BareKestrel;

/// <summary>Everybody who waits for events; what is published goes to all of them.</summary>
internal sealed class Broadcast
{
    private ImmutableList<HttpResponse> _readers = [];

    /// <summary>Holds the connection open until the reader goes.</summary>
    public async Task FollowAsync(HttpContext http)
    {
        http.Response.ContentType = "text/event-stream";
        await http.Response.WriteAsync("retry: 1000\n\n");
        // Before the head goes out: who has it gets all that comes.
        ImmutableInterlocked.Update(ref _readers, (all, one) => all.Add(one), http.Response);
        await http.Response.Body.FlushAsync();
        var gone = new TaskCompletionSource();
        await using var leaving = http.RequestAborted.Register(gone.SetResult);
        await gone.Task;
        ImmutableInterlocked.Update(ref _readers, (all, one) => all.Remove(one), http.Response);
    }

    public async Task PublishAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        await Task.WhenAll(_readers.Select(reader => SendAsync(reader, body.ToArray())));
        http.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static async Task SendAsync(HttpResponse reader, byte[] bytes)
    {
        await reader.Body.WriteAsync(bytes);
        await reader.Body.FlushAsync();
    }
}
