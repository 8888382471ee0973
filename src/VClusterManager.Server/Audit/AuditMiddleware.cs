using VClusterManager.Server.Http;

namespace VClusterManager.Server.Audit;

/// <summary>
/// Sees every request and its answer, so that no route can be forgotten. A read costs it a look at the status.
/// </summary>
internal sealed class AuditMiddleware(RequestDelegate next, AuditKeeper keeper)
{
    public Task InvokeAsync(HttpContext context) =>
        SafeMethods.Contains(context.Request.Method) ? ReadAsync(context) : ChangeAsync(context);

    private async Task ReadAsync(HttpContext context)
    {
        await next(context);
        keeper.Read(context);
    }

    private async Task ChangeAsync(HttpContext context)
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
