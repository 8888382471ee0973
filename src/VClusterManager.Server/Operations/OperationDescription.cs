using VClusterManager.Contracts;
using VClusterManager.Server.Clusters;
using VClusterManager.Server.Http;
using VClusterManager.Server.Http.OpenApi;
using OperationState = VClusterManager.Contracts.OperationState;

namespace VClusterManager.Server.Operations;

/// <summary>What the description of the API says of operations and histories.</summary>
internal static class OperationDescription
{
    public static RouteGroupBuilder DescribesOperations(this RouteGroupBuilder routes) =>
        routes
            .Tagged("operations", "What is being done to clusters, and what became of it: steps, log and outcome.")
            .Refuses(
                ProblemKind.Unavailable,
                "The database cannot be reached.",
                "The database cannot be reached or cannot do its work now."
            );

    public static RouteHandlerBuilder DescribesList(this RouteHandlerBuilder route) =>
        route
            .WithName("listOperations")
            .Takes(
                new DescribedParameter("cluster", "query", "Only those of clusters of this name.") { Example = "demo" },
                new DescribedParameter("namespace", "query", "Only those of clusters in this namespace.")
                {
                    Example = "vcluster-demo",
                },
                new DescribedParameter("state", "query", "Only those in this state.")
                {
                    Choices = [.. Enum.GetNames<OperationState>().Select(name => name.ToLowerInvariant())],
                    Example = "running",
                }
            )
            .AnswersList(
                "A page of operations.",
                new OperationList([ClusterExamples.Deleted], NextCursor: null, Total: 1)
            )
            .Refuses(
                ProblemKind.Invalid,
                "`state` or `cursor` cannot be read.",
                "must be one of queued, running, succeeded, failed, cancelled",
                "state"
            );

    public static RouteHandlerBuilder DescribesGet(this RouteHandlerBuilder route) =>
        route.WithName("getOperation").NamesOperation().Answers(200, "The operation.", ClusterExamples.Deleted);

    public static RouteHandlerBuilder DescribesLog(this RouteHandlerBuilder route) =>
        route
            .WithName("getOperationLog")
            .NamesOperation()
            .Takes(
                new DescribedParameter("follow", "query", "Go on until the operation has ended.") { Example = false }
            )
            .AnswersText(
                "text/plain",
                "The log: time, who says it (`manager`, or `stdout` and `stderr` of a tool), and what.",
                "2026-03-02T09:15:00.114Z manager The namespace vcluster-demo is made.\n"
                    + "2026-03-02T09:15:01.970Z stdout  done Successfully created virtual cluster demo in namespace vcluster-demo.\n"
            );

    public static RouteHandlerBuilder DescribesCancel(this RouteHandlerBuilder route) =>
        route
            .WithName("cancelOperation")
            .NamesOperation()
            .Answers(
                202,
                "It is being ended; where it had not begun, it has ended.",
                ClusterExamples.Deleted with
                {
                    Kind = OperationKind.Create,
                    State = OperationState.Cancelled,
                    Message = "Cancelled by ci.",
                    Steps = [],
                }
            )
            .Refuses(ProblemKind.Unavailable, "The server is read-only.")
            .Refuses(
                ProblemKind.Conflict,
                "It has ended already, is a delete, or what it wants comes with the operation before it.",
                "The operation has ended already: it is succeeded."
            );

    public static RouteHandlerBuilder DescribesHistory(this RouteHandlerBuilder route) =>
        route
            .WithName("getClusterHistory")
            .NamesCluster()
            .Answers(
                200,
                "A page of what happened.",
                new HistoryList(
                    [
                        new HistoryEntry(
                            ClusterExamples.Deleted.Created,
                            "Delete",
                            "Delete: succeeded.",
                            "ci",
                            ClusterExamples.Deleted
                        ),
                        new HistoryEntry(
                            ClusterExamples.Asked.AddHours(1),
                            "Extended",
                            "Ends 2026-03-03 10:15:00Z.",
                            "ci",
                            Operation: null
                        ),
                    ],
                    NextCursor: null,
                    Total: 2
                )
            )
            .Refuses(ProblemKind.Invalid, "`cursor` is none of this list.");

    private static RouteHandlerBuilder NamesOperation(this RouteHandlerBuilder route) =>
        route
            .Takes(
                new DescribedParameter("id", "path", "The operation's id.") { Example = ClusterExamples.OperationId }
            )
            .Refuses(
                ProblemKind.NotFound,
                "There is no such operation; or the id is none.",
                $"There is no operation {ClusterExamples.OperationId}."
            );
}
