using Microsoft.AspNetCore.WebUtilities;
using VClusterManager.Contracts;
using VClusterManager.Server.Storage;

namespace VClusterManager.Server.Audit;

/// <summary>An entry as callers see it. Pure.</summary>
internal static class AuditProjection
{
    public static AuditEntry Of(AuditRow row) =>
        new()
        {
            Id = row.Id.ToString(),
            At = row.At,
            Principal = row.Principal,
            Source = row.Source,
            Address = row.Address,
            Action = row.Action,
            Namespace = row.Namespace,
            Target = row.Target,
            Result = row.Result switch
            {
                Storage.AuditResult.Accepted => Contracts.AuditResult.Accepted,
                Storage.AuditResult.Refused => Contracts.AuditResult.Refused,
                Storage.AuditResult.Failed => Contracts.AuditResult.Failed,
                _ => throw new ArgumentOutOfRangeException(nameof(row), row.Result, "Not a result."),
            },
            Status = row.Status,
            Title = row.Status is { } status ? ReasonPhrases.GetReasonPhrase(status) : null,
            RequestId = row.RequestId,
            Count = row.Count,
        };
}
