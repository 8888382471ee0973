using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using VClusterManager.Server.Storage;

namespace VClusterManager.Server.Operations.Events;

/// <summary>
/// One answer of <c>GET /api/events</c>, as server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html).
/// The story: join the feed first, and learn its number; then send from the database what lies between the number that
/// the reader has and this one; then what the feed hands out. So nothing is missed, and nothing comes twice, also when
/// the reader comes from another server that is a little ahead. A number that is too old, or of another database, is
/// answered with <c>reset</c>: look at everything anew.
/// </summary>
internal sealed class EventStream(EventFeed feed, StoreFactory stores)
{
    private const string ContentType = "text/event-stream";
    private const int Batch = 500;
    private static readonly ReadOnlyMemory<byte> s_reconnect = ": this stream ends, come back\n\n"u8.ToArray();

    public IResult Of(EventFilter filter, long? after) => new StreamResult(this, filter, after);

    private async Task WriteAsync(HttpContext http, EventFilter filter, long? after)
    {
        var gone = http.RequestAborted;
        if (HttpMethods.IsHead(http.Request.Method))
        {
            http.Response.ContentType = ContentType;
            return;
        }
        await feed.Ready.WaitAsync(gone);
        var known = after is { } number && await IsKeptAsync(number, gone) ? after : null;
        var response = http.Response;
        response.ContentType = ContentType;
        response.Headers.CacheControl = "no-store";
        // nginx would otherwise hold events back until its buffer is full.
        response.Headers["X-Accel-Buffering"] = "no";
        var reader = new EventReader(filter, known ?? 0);
        var start = feed.Join(reader);
        try
        {
            await SendAsync(response, Opening(start, known, reset: known != after), gone);
            if (known is { } last)
            {
                await CatchUpAsync(response, filter, last, start, gone);
            }
            await FollowAsync(response, reader, gone);
        }
        catch (OperationCanceledException) when (gone.IsCancellationRequested)
        {
            // The reader went away, as readers do.
        }
        finally
        {
            feed.Leave(reader);
        }
    }

    /// <summary>An id without data is no event: it sets where the reader would resume.</summary>
    private static string Opening(long start, long? known, bool reset) =>
        reset ? $"retry: 1000\nid: {start}\nevent: reset\ndata: {{\"id\":{start}}}\n\n"
        : known is null ? $"retry: 1000\nid: {start}\n\n"
        : "retry: 1000\n\n";

    /// <summary>Sends what was committed after one number up to another.</summary>
    private async Task CatchUpAsync(
        HttpResponse response,
        EventFilter filter,
        long known,
        long start,
        CancellationToken gone
    )
    {
        while (known < start)
        {
            var rows = await stores.ReadAsync(store =>
                EventFeed.After(store, known).Where(row => row.Id <= start).Take(Batch).ToListAsync(gone)
            );
            if (rows.Count == 0)
            {
                return;
            }
            foreach (var row in rows.Where(r => filter.Takes(r.Type, r.Namespace, r.Name, r.Owner)))
            {
                await response.Body.WriteAsync(FeedEvent.Of(row).Bytes, gone);
            }
            await response.Body.FlushAsync(gone);
            known = rows[^1].Id;
        }
    }

    /// <summary>Nothing after this number has been thrown away, and this database did give it.</summary>
    private async Task<bool> IsKeptAsync(long known, CancellationToken gone)
    {
        var (newest, next) = await stores.ReadAsync(async store =>
        {
            // In this order: the next number is there once the newest is higher, unless it has been thrown away.
            var last = await FeedNumbers.NewestAsync(store, gone);
            return (last, await store.Feed.AnyAsync(row => row.Id == known + 1, gone));
        });
        return known == newest || (known < newest && next);
    }

    private static async Task FollowAsync(HttpResponse response, EventReader reader, CancellationToken gone)
    {
        while (await reader.Waiting.WaitToReadAsync(gone))
        {
            while (reader.Waiting.TryRead(out var one))
            {
                await response.Body.WriteAsync(one.Bytes, gone);
            }
            await response.Body.FlushAsync(gone);
        }
        await SendAsync(response, s_reconnect, gone);
    }

    private static Task SendAsync(HttpResponse response, string text, CancellationToken gone) =>
        SendAsync(response, Encoding.UTF8.GetBytes(text), gone);

    private static async Task SendAsync(HttpResponse response, ReadOnlyMemory<byte> bytes, CancellationToken gone)
    {
        await response.Body.WriteAsync(bytes, gone);
        await response.Body.FlushAsync(gone);
    }

    /// <summary>The number in <c>Last-Event-ID</c>; false: it is none.</summary>
    public static bool TryRead(string? header, out long? number)
    {
        number = null;
        if (string.IsNullOrEmpty(header))
        {
            return true;
        }
        var read = long.TryParse(header, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed);
        number = read ? parsed : null;
        return read;
    }

    private sealed class StreamResult(EventStream stream, EventFilter filter, long? after) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => stream.WriteAsync(httpContext, filter, after);
    }
}
