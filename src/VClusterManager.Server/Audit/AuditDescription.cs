using VClusterManager.Contracts;
using VClusterManager.Server.Http;
using VClusterManager.Server.Http.OpenApi;
using VClusterManager.Server.Http.Requests;
using AuditResult = VClusterManager.Contracts.AuditResult;

namespace VClusterManager.Server.Audit;

/// <summary>What the description of the API says of the audit.</summary>
internal static class AuditDescription
{
    private static readonly DateTimeOffset s_asked = new(2026, 3, 2, 9, 15, 0, TimeSpan.Zero);

    public static IReadOnlyList<string> Results { get; } =
    [.. Enum.GetNames<AuditResult>().Select(name => name.ToLowerInvariant())];

    private static AuditEntry Example { get; } =
        new()
        {
            Id = "019ca9f5-7d20-7e54-9d24-5b0c2a1f0e11",
            At = s_asked,
            Principal = "ci",
            Source = "api_key",
            Address = "203.0.113.7",
            Action = "cluster.create",
            Namespace = "vcluster-demo",
            Target = "demo",
            Result = AuditResult.Accepted,
            Status = 202,
            Title = "Accepted",
            RequestId = "4bf92f3577b34da6a3ce929d0e0e4736",
            Count = 1,
        };

    public static RouteHandlerBuilder DescribesAudit(this RouteHandlerBuilder route) =>
        route
            .Tagged("audit", "Who did what, when, from where, and with what result.")
            .WithName("listAudit")
            .Takes(
                new DescribedParameter("principal", "query", "Only what this caller asked for.") { Example = "ci" },
                new DescribedParameter("action", "query", "Only this action.") { Example = "cluster.delete" },
                new DescribedParameter("namespace", "query", "Only what concerns this namespace.")
                {
                    Example = "vcluster-demo",
                },
                new DescribedParameter("cluster", "query", "Only what concerns clusters of this name.")
                {
                    Example = "demo",
                },
                new DescribedParameter("result", "query", "Only what came to this.")
                {
                    Choices = Results,
                    Example = "refused",
                },
                new DescribedParameter("since", "query", "From this time on (RFC 3339).") { Example = s_asked },
                new DescribedParameter("until", "query", "Before this time (RFC 3339).")
                {
                    Example = s_asked.AddDays(1),
                }
            )
            .AnswersList("A page of the audit.", new AuditList([Example], NextCursor: null, Total: 1))
            .Refuses(
                ProblemKind.Invalid,
                "`result`, `since`, `until` or `cursor` cannot be read.",
                TimeText.Words,
                "since"
            )
            .Refuses(
                ProblemKind.Unavailable,
                "The database cannot be reached.",
                "The database cannot be reached or cannot do its work now."
            );
}
