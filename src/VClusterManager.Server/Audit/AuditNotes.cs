using VClusterManager.Server.Http;

namespace VClusterManager.Server.Audit;

/// <summary>What a room says of its routes to the audit, where method and path do not say it.</summary>
internal static class AuditNotes
{
    /// <summary>Its method says that it changes something, and it does not.</summary>
    public static T ChangesNothing<T>(this T routes)
        where T : IEndpointConventionBuilder => routes.WithMetadata(new Harmless());

    /// <summary>It only reads, and what it hands out lets the caller in somewhere: kept like a change.</summary>
    public static T GivesAccess<T>(this T routes)
        where T : IEndpointConventionBuilder => routes.WithMetadata(new Access());

    /// <summary>It only reads, and is kept even so: not one by one, but counted for each caller and minute.</summary>
    public static T IsCounted<T>(this T routes)
        where T : IEndpointConventionBuilder => routes.WithMetadata(new Counted());

    /// <summary>Each request says for itself whether it is kept like a change.</summary>
    public static T AuditedWhen<T>(this T routes, Func<HttpContext, bool> isChange)
        where T : IEndpointConventionBuilder => routes.WithMetadata(new Decision(isChange));

    /// <summary>What is refused is counted for each caller and minute, also where it would have changed something.</summary>
    public static T CountsRefusals<T>(this T routes)
        where T : IEndpointConventionBuilder => routes.WithMetadata(new CountedRefusals());

    /// <summary>What it is called in the audit, where its path does not make a good word.</summary>
    public static T AuditedAs<T>(this T routes, string action)
        where T : IEndpointConventionBuilder => routes.WithMetadata(new ActionName(action));

    /// <summary>Whether a request to this route is one to be kept.</summary>
    public static bool IsChange(HttpContext http, EndpointMetadataCollection metadata) =>
        metadata.GetMetadata<Decision>() is { } decision ? decision.IsChange(http)
        : SafeMethods.Contains(http.Request.Method) ? metadata.GetMetadata<Access>() is not null
        : metadata.GetMetadata<Harmless>() is null;

    /// <summary>Whether a read of this route is counted.</summary>
    public static bool CountsReads(EndpointMetadataCollection metadata) => metadata.GetMetadata<Counted>() is not null;

    /// <summary>Whether refused changes of this route are counted.</summary>
    public static bool CountsRefusals(EndpointMetadataCollection? metadata) =>
        metadata?.GetMetadata<CountedRefusals>() is not null;

    private sealed record Harmless;

    private sealed record Counted;

    private sealed record CountedRefusals;

    private sealed record Access;

    private sealed record Decision(Func<HttpContext, bool> IsChange);

    internal sealed record ActionName(string Action);
}
