using VClusterManager.Contracts;
using VClusterManager.Server.Http;
using VClusterManager.Server.Http.OpenApi;

namespace VClusterManager.Server.Clusters;

/// <summary>What the description of the API says of the routes that change clusters.</summary>
internal static class ClusterDescription
{
    /// <summary>Holds for every route below <c>/api/clusters</c>, whichever room it is in.</summary>
    public static T DescribesClusters<T>(this T routes)
        where T : IEndpointConventionBuilder =>
        routes
            .Tagged("clusters", "Virtual clusters: ask for them, look at them, change them, and let them go.")
            .Refuses(
                ProblemKind.Unavailable,
                "The database or, where it is needed, the host cannot be reached, or the server is read-only.",
                "The database cannot be reached or cannot do its work now."
            );

    public static RouteHandlerBuilder DescribesCreate(this RouteHandlerBuilder route) =>
        route
            .WithName("createCluster")
            .TakesBody(ClusterExamples.Create)
            .Accepted("The cluster was accepted, and is being made.")
            .Answers(201, "The cluster runs.", ClusterExamples.Running, AnswerHeaders.ETag, AnswerHeaders.Location)
            .RefusesCreate()
            .Refuses(ProblemKind.Invalid, "The `Idempotency-Key` was used with another request in the last 24 hours.");

    public static RouteHandlerBuilder DescribesValidate(this RouteHandlerBuilder route) =>
        route
            .WithName("validateCluster")
            .TakesBody(ClusterExamples.Create)
            .Answers(200, "A create would be accepted.", ClusterExamples.Validation)
            .RefusesCreate();

    public static RouteHandlerBuilder DescribesPatch(this RouteHandlerBuilder route) =>
        route
            .WithName("updateCluster")
            .TakesMergePatch<ClusterPatch>(ClusterExamples.Patch)
            .NamesCluster()
            .Changed("The change is done; or it needed nothing on the host.", "The upgrade was accepted.")
            .RefusesBusy("Cluster vcluster-demo/demo cannot be changed: it is being deleted.")
            .Refuses(ProblemKind.Forbidden, "It sets values or protection, which are for admins.")
            .Refuses(
                ProblemKind.PreconditionFailed,
                "The cluster has been changed since the `ETag` that `If-Match` names.",
                "Cluster vcluster-demo/demo has been changed since: its ETag is now \"019a52f07c1e7d3a9f0b6f1d2c3b4a59-3\"."
            )
            .RefusesTtl()
            .Refuses(
                ProblemKind.Invalid,
                "A field cannot be changed or breaks a rule; the version is not on offer or no step that is allowed."
            );

    public static RouteHandlerBuilder DescribesDelete(this RouteHandlerBuilder route) =>
        route
            .WithName("deleteCluster")
            .NamesCluster()
            .Takes(
                new DescribedParameter(
                    "keep_volumes",
                    "query",
                    "Leave its volumes, and the namespace that they are in."
                )
                {
                    Example = true,
                },
                new DescribedParameter(
                    "force",
                    "query",
                    "Also end where the CLI cannot, and remove what only finalizers hold. Only for admins."
                )
                {
                    Example = true,
                }
            )
            .Answers(202, "The delete goes on.", ClusterExamples.Deleting, AnswerHeaders.Location)
            .Answers(200, "The cluster was seen to be gone.", ClusterExamples.Deleted, AnswerHeaders.Location)
            .Refuses(ProblemKind.Forbidden, "It asks for `force`, which is for admins.")
            .Refuses(
                ProblemKind.Conflict,
                "It is being deleted already with another `keep_volumes`.",
                "Cluster vcluster-demo/demo is being deleted already, with its volumes."
            );

    public static RouteHandlerBuilder DescribesExtend(this RouteHandlerBuilder route) =>
        route
            .WithName("extendCluster")
            .TakesBody(new ClusterExtend(4))
            .NamesCluster()
            .Answers(200, "The cluster, with the time when it ends now.", ClusterExamples.Running, AnswerHeaders.ETag)
            .RefusesBusy("Cluster vcluster-demo/demo cannot be extended: it is being deleted.")
            .RefusesTtl();

    public static RouteHandlerBuilder DescribesRetry(this RouteHandlerBuilder route) =>
        route
            .WithName("retryCluster")
            .NamesCluster()
            .Changed("It is well again.", "It is being tried again.")
            .RefusesBusy("Cluster vcluster-demo/demo cannot be tried again: it has not failed.");

    public static RouteHandlerBuilder DescribesPause(this RouteHandlerBuilder route) =>
        route
            .WithName("pauseCluster")
            .NamesCluster()
            .Changed("It sleeps.", "It is on its way to sleep.", ClusterExamples.Sleeping)
            .RefusesBusy("Cluster vcluster-demo/demo cannot be paused: it is being deleted.");

    public static RouteHandlerBuilder DescribesResume(this RouteHandlerBuilder route) =>
        route
            .WithName("resumeCluster")
            .NamesCluster()
            .Changed("It runs.", "It is being woken.")
            .RefusesBusy("Cluster vcluster-demo/demo cannot be resumed: it is being deleted.");

    public static RouteHandlerBuilder DescribesAdopt(this RouteHandlerBuilder route) =>
        route
            .WithName("adoptCluster")
            .NamesCluster()
            .Answers(
                201,
                "The cluster is managed now.",
                ClusterExamples.Running with
                {
                    Source = ClusterSources.Adopted,
                    TtlHours = null,
                    ExpiresAt = null,
                },
                AnswerHeaders.ETag
            )
            .Refuses(
                ProblemKind.Conflict,
                "It is managed already, belongs to another manager, or has no Helm release.",
                "Cluster vcluster-demo/demo is managed already."
            );

    /// <summary>Its name in the path, its namespace in the query, and that it may not be found.</summary>
    public static RouteHandlerBuilder NamesCluster(this RouteHandlerBuilder route) =>
        route
            .Takes(
                new DescribedParameter("name", "path", "The cluster's name.") { Example = "demo" },
                new DescribedParameter("namespace", "query", "Its namespace; needed where the name is not unique.")
                {
                    Example = "vcluster-demo",
                }
            )
            .Refuses(
                ProblemKind.NotFound,
                "There is no such cluster. Of one that was deleted it says when, by whom and why.",
                "Cluster vcluster-demo/demo was deleted at 2026-03-02 11:15:13Z by ci: deleted by request."
            )
            .Refuses(
                ProblemKind.Conflict,
                "The name is not unique: `namespaces` lists the candidates.",
                "There is a cluster demo in 2 namespaces (team-a, team-b): say which with ?namespace=."
            );

    private static RouteHandlerBuilder Accepted(this RouteHandlerBuilder route, string description) =>
        route.Answers(202, description, ClusterExamples.Accepted, AnswerHeaders.ETag, AnswerHeaders.Location);

    private static RouteHandlerBuilder Changed(
        this RouteHandlerBuilder route,
        string done,
        string goesOn,
        Cluster? example = null
    ) =>
        route
            .Answers(
                202,
                $"{goesOn} The same where waiting for it ended before the work did.",
                ClusterExamples.Accepted,
                AnswerHeaders.ETag
            )
            .Answers(200, done, example ?? ClusterExamples.Running, AnswerHeaders.ETag);

    private static RouteHandlerBuilder RefusesBusy(this RouteHandlerBuilder route, string detail) =>
        route.Refuses(ProblemKind.Conflict, "It is not in a state for that, or it is not managed.", detail);

    private static RouteHandlerBuilder RefusesTtl(this RouteHandlerBuilder route) =>
        route.Refuses(
            ProblemKind.Invalid,
            "`ttl_hours` is out of bounds.",
            $"must be {ClusterAdmission.MinTtlHours} to {ClusterAdmission.MaxTtlHours}",
            "ttl_hours"
        );

    private static RouteHandlerBuilder RefusesCreate(this RouteHandlerBuilder route) =>
        route
            .Refuses(
                ProblemKind.Forbidden,
                "It sets values, protection or a namespace that are for admins.",
                "Only admins may set these values: controlPlane.advanced."
            )
            .Refuses(
                ProblemKind.Conflict,
                "The name is taken in that namespace, the namespace holds another cluster, or there are as many clusters as may be.",
                "There is a cluster vcluster-demo/demo already."
            )
            .Refuses(
                ProblemKind.Invalid,
                "A field breaks a rule, or the version is not on offer: `errors` says which.",
                "must begin with a letter",
                "name"
            );
}
