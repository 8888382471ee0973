namespace VClusterManager.Server.Identity;

/// <summary>Says of a route that its answer goes on for as long as the caller listens.</summary>
internal sealed class GoesOn
{
    public static GoesOn Instance { get; } = new();
}

/// <summary>
/// An answer that goes on ends with the credential that it was given for: who comes back is asked for a new one. Half an
/// answer must not look like a whole one, so the connection is cut.
/// </summary>
internal static class CredentialEnd
{
    public static T EndsWithCredential<T>(this T routes)
        where T : IEndpointConventionBuilder => routes.WithMetadata(GoesOn.Instance);

    public static IApplicationBuilder UseCredentialEnd(this IApplicationBuilder app) =>
        app.Use(
            (context, next) =>
                context.GetEndpoint()?.Metadata.GetMetadata<GoesOn>() is not null
                && context.FindPrincipal() is { } who
                && (who.Expires is not null || who.Revoked.CanBeCanceled)
                    ? UntilAsync(who, context, next)
                    : next(context)
        );

    private static async Task UntilAsync(Principal who, HttpContext context, RequestDelegate next)
    {
        var time = context.RequestServices.GetRequiredService<TimeProvider>();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(who.Revoked);
        await using var cut = end.Token.Register(context.Abort);
        await using var timer = time.CreateTimer(
            state => Look((Watched)state!),
            new Watched(who, end, time),
            TimeSpan.FromSeconds(1),
            TimeSpan.FromSeconds(1)
        );
        await next(context);
    }

    // Looked at each second: the clock that counts is the database's, and may be set; a timer knows only spans.
    private static void Look(Watched watched)
    {
        if (watched.Who.Expires <= watched.Time.GetUtcNow())
        {
            try
            {
                watched.End.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // The answer has ended by itself just now.
            }
        }
    }

    private sealed record Watched(Principal Who, CancellationTokenSource End, TimeProvider Time);
}
