using VClusterManager.Server.Http;

namespace VClusterManager.Server.Audit;

/// <summary>
/// From here on, a change that is committed takes the entry of its request with it. After authorization: what is stored on
/// the way there is not what the request asks for. Reads that give access are begun here, where their route is known.
/// </summary>
internal sealed class AuditTicketMiddleware(RequestDelegate next, AuditKeeper keeper)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (!SafeMethods.Contains(context.Request.Method))
        {
            return context.Features.Get<AuditTrail>() is { } trail && !IsKeptElsewhere(context)
                ? HoldAsync(trail, context)
                : next(context);
        }
        return context.GetEndpoint() is { } route && AuditNotes.IsChange(context, route.Metadata)
            ? AccessAsync(context)
            : next(context);
    }

    // What such a route stores is a record of what was asked by itself.
    private static bool IsKeptElsewhere(HttpContext context) =>
        context.GetEndpoint() is { } route && !AuditNotes.IsChange(context, route.Metadata);

    // Awaits, so that the ticket does not reach those who called.
    private async Task HoldAsync(AuditTrail trail, HttpContext context)
    {
        trail.Ticket.Hold();
        await next(context);
    }

    private async Task AccessAsync(HttpContext context)
    {
        var trail = keeper.Begin(context);
        try
        {
            await next(context);
        }
        finally
        {
            await keeper.EndAsync(trail, context);
        }
    }
}
