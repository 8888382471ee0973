using System.Text.Json;
using VClusterManager.Contracts;
using VClusterManager.Server.Clusters;
using VClusterManager.Server.Http;
using VClusterManager.Server.Http.OpenApi;
using VClusterManager.Server.Http.Responses;

namespace VClusterManager.Server.Operations.Events;

/// <summary>What the description of the API says of the stream of events.</summary>
internal static class EventDescription
{
    public static RouteHandlerBuilder DescribesEvents(this RouteHandlerBuilder route) =>
        route
            .WithName("streamEvents")
            .Tagged("events", "What goes on, as it happens.")
            .Takes(
                new DescribedParameter("type", "query", "Only events of clusters, or only those of operations.")
                {
                    Choices = [ClusterFeed.ClusterType, ClusterFeed.OperationType],
                    Example = ClusterFeed.ClusterType,
                },
                new DescribedParameter("namespace", "query", "Only events of clusters in this namespace.")
                {
                    Example = "vcluster-demo",
                },
                new DescribedParameter("cluster", "query", "Only events of clusters of this name.")
                {
                    Example = "demo",
                },
                new DescribedParameter(
                    "Last-Event-ID",
                    "header",
                    "The `id` of the last event that was seen: the stream goes on after it."
                )
                {
                    Example = "4711",
                },
                new DescribedParameter(
                    "last_event_id",
                    "query",
                    "The same as the header, which beats it: a browser cannot set the header on its first request."
                )
                {
                    Example = "4711",
                }
            )
            .AnswersText("text/event-stream", "The events, as long as the caller listens.", Example)
            .Refuses(
                ProblemKind.Invalid,
                "`type` or `Last-Event-ID` cannot be read.",
                "must be cluster or operation",
                "type"
            )
            .Refuses(
                ProblemKind.Unavailable,
                "The database cannot be reached.",
                "The database cannot be reached or cannot do its work now."
            );

    private static string Example { get; } =
        $"""
            retry: 1000

            id: 4712
            event: {ClusterFeed.ClusterType}
            data: {JsonSerializer.Serialize(Running(ClusterExamples.Running), ApiJson.Options)}


            """;

    private static ClusterEvent Running(Cluster cluster) =>
        new(
            ClusterEventKind.Changed,
            cluster.Id,
            cluster.Name,
            cluster.Namespace,
            cluster.Status,
            cluster.Message,
            cluster.Generation,
            cluster.ObservedGeneration,
            cluster.ExpiresAt,
            cluster.Operation
        );
}
