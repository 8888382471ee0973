using VClusterManager.Server.Http.Failures;
using VClusterManager.Server.Http.Guards;
using VClusterManager.Server.Identity;
using VClusterManager.Server.Storage;

namespace VClusterManager.Server.Audit;

/// <summary>What the audit knows of one request for a change while it is going on.</summary>
internal sealed class AuditTrail
{
    private readonly HttpContext _http;
    private readonly Guid _id;
    private readonly DateTimeOffset _at;
    private (string? Namespace, string? Name)? _target;
    private string? _action;

    public AuditTrail(HttpContext http, DateTimeOffset at)
    {
        (_http, _at, _id) = (http, at, Guid.CreateVersion7(at));
        Ticket = new AuditTicket(() => Describe(status: null));
    }

    public AuditTicket Ticket { get; }

    /// <summary>It has been taken down.</summary>
    public bool IsKept { get; set; }

    public void Concerns(string? ns, string? name, string? action) => (_target, _action) = ((ns, name), action);

    /// <param name="status"><see langword="null"/>: not answered yet, and about to be committed.</param>
    public AuditRow Describe(int? status)
    {
        var row = Describe(_http, _id, _at, status, IsCommitted(status), _target);
        return _action is null ? row : row with { Action = AuditText.Of(_action)! };
    }

    public static AuditRow Describe(HttpContext http, DateTimeOffset at, int status) =>
        Describe(http, Guid.CreateVersion7(at), at, status, isCommitted: false, target: null);

    private bool IsCommitted(int? status) => status is null || Ticket.IsCommitted;

    private static AuditRow Describe(
        HttpContext http,
        Guid id,
        DateTimeOffset at,
        int? status,
        bool isCommitted,
        (string? Namespace, string? Name)? target
    )
    {
        var principal = http.FindPrincipal();
        var (ns, name) = target ?? TargetOf(http);
        var request = new AuditedRequest(IsChange: true, principal is not null, isCommitted, status ?? 0);
        return new AuditRow
        {
            Id = id,
            At = at,
            Principal = AuditText.Of(principal?.Name),
            Source = principal?.Source,
            Address = SourceAddress.Of(http.Connection.RemoteIpAddress),
            Action = AuditText.Of(ActionOf(http))!,
            Namespace = AuditText.Of(ns),
            Target = AuditText.Of(name),
            Result = AuditRule.ResultOf(request),
            Status = status,
            RequestId = ProblemDocument.TraceIdOf(http),
        };
    }

    public static string ActionOf(HttpContext http) =>
        http.GetEndpoint()?.Metadata.GetMetadata<AuditNotes.ActionName>()?.Action
        ?? AuditAction.Of(http.Request.Method, (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText);

    /// <summary>As the path names it, and the query its namespace; nothing else of the query.</summary>
    private static (string? Namespace, string? Name) TargetOf(HttpContext http)
    {
        if (http.GetEndpoint() is not RouteEndpoint route)
        {
            return default;
        }
        var values = http.Request.RouteValues;
        var name = route.RoutePattern.Parameters.LastOrDefault(p => !p.IsCatchAll && p.Name != "namespace");
        var ns = values["namespace"] as string ?? http.Request.Query["namespace"].FirstOrDefault();
        return (ns, name is null ? null : values[name.Name]?.ToString());
    }
}

/// <summary>What handlers tell the audit.</summary>
internal static class AuditTrails
{
    /// <summary>
    /// What the request is about, where its path does not say it or not all of it. Texts of the caller's are taken as they
    /// are. Where nothing is kept of the request, it does nothing.
    /// </summary>
    /// <param name="action">What is done; <see langword="null"/>: as method and path say.</param>
    public static void Concerns(this HttpContext http, string? ns, string? name, string? action = null) =>
        http.Features.Get<AuditTrail>()?.Concerns(ns, name, action);
}
