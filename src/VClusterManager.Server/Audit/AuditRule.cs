using VClusterManager.Server.Storage;

namespace VClusterManager.Server.Audit;

/// <summary>What became of a request, as far as the audit asks.</summary>
/// <param name="IsChange">Its route changes something, or gives access to something.</param>
/// <param name="IsKnown">The caller has shown a valid credential.</param>
/// <param name="IsCommitted">A change was committed on its behalf.</param>
internal readonly record struct AuditedRequest(bool IsChange, bool IsKnown, bool IsCommitted, int Status)
{
    /// <summary>Its route is one of which a caller may have very many refused.</summary>
    public bool CountsRefusals { get; init; }
}

/// <summary>How a request is kept.</summary>
internal enum AuditKeep
{
    Not,

    /// <summary>As an entry of its own.</summary>
    Single,

    /// <summary>In the entry that counts what comes from the same caller in the same minute.</summary>
    Counted,
}

/// <summary>
/// Which requests are kept. Pure. Every change by a known caller has an entry of its own, whatever was answered. What
/// anybody can cause in any number (refusals of nobody, refused reads, too many requests) is counted instead: a flood
/// must not fill the database.
/// </summary>
internal static class AuditRule
{
    public static AuditKeep KeepOf(AuditedRequest request) =>
        request switch
        {
            { IsCommitted: true } => AuditKeep.Single,
            { Status: StatusCodes.Status429TooManyRequests } => AuditKeep.Counted,
            { CountsRefusals: true, IsChange: true, Status: >= 400 and < 500 } => AuditKeep.Counted,
            { IsChange: true, IsKnown: true } => AuditKeep.Single,
            { IsChange: true, Status: < 400 } => AuditKeep.Single,
            { IsChange: true } => AuditKeep.Counted,
            { Status: StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden } => AuditKeep.Counted,
            _ => AuditKeep.Not,
        };

    public static AuditResult ResultOf(AuditedRequest request) =>
        request switch
        {
            // What was stored is done, whatever became of the answer.
            { IsCommitted: true } or { Status: < 400 } => AuditResult.Accepted,
            { Status: < 500 } => AuditResult.Refused,
            _ => AuditResult.Failed,
        };
}
