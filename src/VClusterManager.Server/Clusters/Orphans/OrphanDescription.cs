using VClusterManager.Contracts;
using VClusterManager.Server.Http;
using VClusterManager.Server.Http.OpenApi;

namespace VClusterManager.Server.Clusters.Orphans;

/// <summary>What the description of the API says of orphans.</summary>
internal static class OrphanDescription
{
    private static Orphan Example { get; } =
        new()
        {
            Id = "6f1d2c3b4a59e9f00b6f1d2c3b4a5977",
            Kind = OrphanKind.Volume,
            Namespace = "vcluster-demo",
            Name = "data-demo-0",
            Cluster = "demo",
            ClusterId = ClusterExamples.Id,
            ClusterDeleted = ClusterExamples.Asked.AddHours(2),
            Reason = "It was kept when its cluster was deleted at 2026-03-02 11:15:00Z.",
            Created = ClusterExamples.Asked,
            Deleting = false,
        };

    public static RouteGroupBuilder DescribesOrphans(this RouteGroupBuilder routes) =>
        routes
            .Tagged("orphans", "What is on the host without an owner.")
            .Refuses(
                ProblemKind.Unavailable,
                "The host or the database cannot be read: what is not known is not an orphan. Or another database looks after this host.",
                "The host cannot be read now: connection refused"
            );

    public static RouteHandlerBuilder DescribesList(this RouteHandlerBuilder route) =>
        route
            .WithName("listOrphans")
            .AnswersList("A page of orphans.", new OrphanList([Example], NextCursor: null, Total: 1))
            .Refuses(ProblemKind.Invalid, "`cursor` is none of this list.");

    public static RouteHandlerBuilder DescribesDelete(this RouteHandlerBuilder route) =>
        route
            .WithName("deleteOrphan")
            .Takes(new DescribedParameter("id", "path", "The orphan's id.") { Example = Example.Id })
            .Answers(202, "It is on its way out.", Example with { Deleting = true })
            .Refuses(
                ProblemKind.NotFound,
                "There is no such orphan: it is gone, or has an owner.",
                $"There is no orphan '{Example.Id}': it is gone, or has an owner."
            )
            .Refuses(
                ProblemKind.Conflict,
                "The namespace holds something of others, the object was replaced, or the host refuses.",
                "The namespace vcluster-demo is kept: it also holds ConfigMap vcluster-demo/notes."
            )
            .Refuses(ProblemKind.Unavailable, "The server may change nothing now.");
}
