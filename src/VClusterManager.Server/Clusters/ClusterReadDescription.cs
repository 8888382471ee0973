using VClusterManager.Contracts;
using VClusterManager.Server.Http;
using VClusterManager.Server.Http.OpenApi;

namespace VClusterManager.Server.Clusters;

/// <summary>What the description of the API says of the routes that read clusters.</summary>
internal static class ClusterReadDescription
{
    public static RouteHandlerBuilder DescribesList(this RouteHandlerBuilder route) =>
        route
            .WithName("listClusters")
            .Takes(
                Filter("namespace", "Only those in this namespace.", "vcluster-demo"),
                Filter(
                    "status",
                    $"Only those in one of these statuses, joined by commas: {string.Join(", ", Enum.GetNames<ClusterStatus>())}.",
                    "Running,Failed"
                ),
                Filter(
                    "label_selector",
                    "Only those whose labels match, in the syntax of Kubernetes: `team=a`, `team in (a,b)`, `!temporary`.",
                    "team in (a,b)"
                ),
                Filter("created_by", "Only those that this caller asked for.", "ci"),
                Filter(
                    "source",
                    $"Only those that came through this door, such as `{ClusterSources.Api}` or `{ClusterSources.Adopted}`.",
                    ClusterSources.Api
                ),
                Filter("q", "Only those with this text in name, namespace, labels or creator, in any case.", "demo"),
                new DescribedParameter("managed", "query", "True: only managed ones; false: only the others.")
                {
                    Example = true,
                },
                new DescribedParameter("sort", "query", "What to sort by; with `-` in front the other way round.")
                {
                    Default = "-created",
                    Choices = [.. ClusterSort.Fields.SelectMany(field => new[] { field, "-" + field })],
                    Example = "name",
                }
            )
            .AnswersList("A page of clusters.", ClusterExamples.List)
            .Refuses(
                ProblemKind.Invalid,
                "A filter, the order or `cursor` cannot be read.",
                "'Sleepy' is none of Pending, Provisioning, Running, Updating, Sleeping, Waking, Deleting, Failed, Unknown",
                "status"
            );

    public static RouteHandlerBuilder DescribesGet(this RouteHandlerBuilder route) =>
        route
            .WithName("getCluster")
            .NamesCluster()
            .Takes(
                new DescribedParameter(
                    "include",
                    "query",
                    "What to answer with it, joined by commas: `kubeconfig`, `values`. Only for editors."
                )
                {
                    Example = "values",
                }
            )
            .Answers(200, "The cluster.", ClusterExamples.Running, AnswerHeaders.ETag)
            .Refuses(ProblemKind.Forbidden, "`include` is for editors.")
            .Refuses(
                ProblemKind.Invalid,
                "`include` takes nothing else.",
                "takes kubeconfig and values, not 'secrets'",
                "include"
            );

    /// <param name="tail">Lines, when it is not given.</param>
    public static RouteHandlerBuilder DescribesLogs(this RouteHandlerBuilder route, int tail, int maxTail) =>
        route
            .WithName("getClusterLogs")
            .NamesCluster()
            .Takes(
                new DescribedParameter("container", "query", "The container of the pod.") { Example = "syncer" },
                new DescribedParameter("tail", "query", "So many of the last lines.")
                {
                    Min = 1,
                    Max = maxTail,
                    Example = tail / 4,
                },
                new DescribedParameter("follow", "query", "Go on with what the pod says from now on.")
                {
                    Example = false,
                }
            )
            .AnswersText("text/plain", "The log.", "2026-03-02 09:15:20 INFO vcluster is ready\n")
            .Refuses(ProblemKind.NotFound, "It has no pod, or the pod no such container.");

    private static DescribedParameter Filter(string name, string description, string example) =>
        new(name, "query", description) { Example = example };
}
