using Microsoft.EntityFrameworkCore;
using VClusterManager.Server.Clusters;
using VClusterManager.Server.Storage;
using OperationState = VClusterManager.Server.Storage.OperationState;

namespace VClusterManager.Server.Operations;

/// <summary>
/// An operation's log as text, a line each. Following it ends when the operation has ended and all of it was sent, or
/// when the caller goes away.
/// </summary>
internal sealed class OperationLogStream(
    StoreFactory stores,
    ClusterView view,
    TimeProvider time,
    IHostApplicationLifetime lifetime
)
{
    private const int Batch = 500;

    /// <summary>The log is appended to a few times a second; a change of the cluster is a reason to look at once.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    public IResult Of(Guid operation, bool follow) => new LogResult(this, operation, follow);

    private async Task WriteAsync(HttpContext http, Guid operation, bool follow)
    {
        http.Response.ContentType = "text/plain; charset=utf-8";
        if (HttpMethods.IsHead(http.Request.Method))
        {
            return;
        }
        var sent = 0L;
        while (true)
        {
            var next = view.NextChange();
            // First whether it has ended, then the lines: none that was written before the end is missed.
            var ended = !follow || await HasEndedAsync(operation, http.RequestAborted);
            int count;
            do
            {
                (count, sent) = await SendAsync(http, operation, sent);
            } while (count == Batch);
            if (ended)
            {
                return;
            }
            await http.Response.Body.FlushAsync(http.RequestAborted);
            await Task.WhenAny(next, Task.Delay(Pause, time, http.RequestAborted));
            http.RequestAborted.ThrowIfCancellationRequested();
            if (lifetime.ApplicationStopping.IsCancellationRequested)
            {
                // The server does not wait for operations to end; and half a log must not look like a whole one.
                http.Abort();
                return;
            }
        }
    }

    private async Task<(int Count, long Sent)> SendAsync(HttpContext http, Guid operation, long sent)
    {
        var lines = await stores.ReadAsync(store =>
            store
                .OperationLog.AsNoTracking()
                .Where(l => l.OperationId == operation && l.Sequence > sent)
                .OrderBy(l => l.Sequence)
                .Take(Batch)
                .ToListAsync(http.RequestAborted)
        );
        foreach (var line in lines)
        {
            await http.Response.WriteAsync(
                $"{line.At.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fff'Z'} {line.Stream, -7} {line.Text}\n",
                http.RequestAborted
            );
        }
        return (lines.Count, lines.Count == 0 ? sent : lines[^1].Sequence);
    }

    private Task<bool> HasEndedAsync(Guid operation, CancellationToken cancellation) =>
        stores.ReadAsync(async store =>
            !await store.Operations.AnyAsync(
                o => o.Id == operation && (o.State == OperationState.Queued || o.State == OperationState.Running),
                cancellation
            )
        );

    private sealed class LogResult(OperationLogStream stream, Guid operation, bool follow) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => stream.WriteAsync(httpContext, operation, follow);
    }
}
