using System.Text.Json.Nodes;
using VClusterManager.Contracts;
using VClusterManager.Server.Audit;
using VClusterManager.Server.Http;
using VClusterManager.Server.Http.Failures;
using VClusterManager.Server.Http.Guards;
using VClusterManager.Server.Http.Requests;
using VClusterManager.Server.Http.Responses;
using VClusterManager.Server.Identity;
using VClusterManager.Server.Kubernetes;
using VClusterManager.Server.Storage;

namespace VClusterManager.Server.Clusters;

/// <summary>Makes the kubeconfig that is shown with a cluster.</summary>
internal delegate Task<Outcome<string>> KubeconfigSource(ClusterRow cluster, HttpContext http);

/// <summary>The routes that read clusters.</summary>
internal static class ClusterReadEndpoints
{
    private const string PlainText = "text/plain; charset=utf-8";
    private const int DefaultTail = 200;
    private const int MaxTail = 10_000;

    public static void MapClusterReads(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup(ClusterEndpoints.Path).RequireRole(Role.Viewer).DescribesClusters();
        group.MapGet("", List).IsUnbounded().DescribesList();
        group.MapGet("/{name}", GetAsync).IsUnbounded().AuditedWhen(AsksForKubeconfig).DescribesGet();
        group.MapGet("/{name}/logs", LogsAsync).IsUnbounded().EndsWithCredential().DescribesLogs(DefaultTail, MaxTail);
    }

    /// <summary>List clusters</summary>
    /// <remarks>
    /// Of all clusters, also of those on the host that are not managed; the newest first unless another order is asked
    /// for. Filters are joined by "and". Answered from memory: a list never waits for the host.
    /// </remarks>
    internal static IResult List(
        PageRequest page,
        HttpContext http,
        ClusterReads reads,
        ClusterPages pages,
        string? @namespace,
        string? status,
        string? label_selector,
        string? created_by,
        string? source,
        string? q,
        bool? managed,
        string? sort
    )
    {
        var who = http.GetPrincipal();
        return who.SeesAll
            ? pages.Of(http.Request.QueryString.Value ?? "", Listed).ToResult(page => page)
            : Listed().ToResult(list => new TaggedJson<ClusterList>(list));

        Outcome<ClusterList> Listed()
        {
            var parsed = ClusterListQuery.Parse(
                new ClusterListParameters(@namespace, status, label_selector, created_by, source, q, managed, sort)
            );
            return parsed.Problem is { } problem
                ? problem
                : ClusterPage.Of([.. reads.Entries(who).Where(parsed.Value.Takes)], parsed.Value.Sort, page);
        }
    }

    /// <summary>Get a cluster</summary>
    /// <remarks>What was asked for, and what the host shows of it.</remarks>
    internal static async Task<IResult> GetAsync(
        string name,
        string? @namespace,
        string? include,
        HttpContext http,
        ClusterReads reads,
        HostView view,
        KubeconfigSource kubeconfigs
    )
    {
        var extras = (include ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (Refused(extras, http.GetPrincipal()) is { } refused)
        {
            return refused.ToResult();
        }
        var found = await reads.FindAsync(
            new ClusterReference(name, @namespace),
            http.GetPrincipal(),
            http.RequestAborted
        );
        if (found.Problem is { } problem)
        {
            return problem.ToResult();
        }
        if (found.Value.Managed is not { } cluster)
        {
            return TypedResults.Json(
                ClusterProjection.Unmanaged(found.Value.Unmanaged!, view.Freshness),
                ApiJson.Options
            );
        }
        var shown = reads.Show(cluster);
        if (extras.Contains("values"))
        {
            shown = shown with { Values = cluster.Row.ValuesJson is { } json ? JsonNode.Parse(json)!.AsObject() : [] };
        }
        if (extras.Contains("kubeconfig"))
        {
            http.Concerns(cluster.Row.Namespace, cluster.Row.Name, "cluster.kubeconfig");
            var kubeconfig = await kubeconfigs(cluster.Row, http);
            if (kubeconfig.Problem is { } none)
            {
                return none.ToResult();
            }
            http.Response.Headers.CacheControl = "no-store";
            shown = shown with { Kubeconfig = kubeconfig.Value };
        }
        http.Response.Headers.ETag = ClusterTag.Of(cluster.Row);
        return TypedResults.Json(shown, ApiJson.Options);
    }

    /// <summary>Read a cluster's log</summary>
    /// <remarks>
    /// What the control plane's pod says, as plain text. With <c>follow=true</c> the answer goes on until the pod ends or
    /// the caller goes away.
    /// </remarks>
    internal static async Task<IResult> LogsAsync(
        string name,
        string? @namespace,
        HttpContext http,
        ClusterReads reads,
        HostReads host,
        HostView view,
        IHostApplicationLifetime lifetime,
        string container = "syncer",
        int tail = DefaultTail,
        bool follow = false
    )
    {
        if (tail is < 1 or > MaxTail)
        {
            return ProblemResults.Invalid("tail", $"must be 1 to {MaxTail}").ToResult();
        }
        var found = await reads.FindAsync(
            new ClusterReference(name, @namespace),
            http.GetPrincipal(),
            http.RequestAborted
        );
        if (found.Problem is { } problem)
        {
            return problem.ToResult();
        }
        var key = found.Value.Managed?.Key ?? found.Value.Unmanaged!.Key;
        var seen = view.Find(key);
        // Pods are found by name: they are this cluster's only when the workload beside them is.
        var mayBeAnothers = found.Value.Managed is { } ours && ClusterStamps.WorkloadOf(ours.Row, seen) is null;
        if (mayBeAnothers || seen.Pods is not [var pod, ..])
        {
            return new Problem(ProblemKind.NotFound, $"Cluster {key} has no pod: there is no log.").ToResult();
        }
        if (pod.Containers.Count > 0 && pod.Containers.All(c => c.Name != container))
        {
            var known = string.Join(", ", pod.Containers.Select(c => c.Name));
            return new Problem(
                ProblemKind.NotFound,
                $"Pod {pod.Name} has no container {container}: it has {known}."
            ).ToResult();
        }
        var answer = await host.PodLogAsync(
            new NamespacedName(key.Namespace, pod.Name),
            container,
            tail,
            follow,
            previous: false,
            http.RequestAborted
        );
        return answer switch
        {
            HostAnswer<Stream>.Found log => new LogStream(log.Value, lifetime.ApplicationStopping),
            HostAnswer<Stream>.Unreadable unreadable => Unavailable(unreadable.Reason).ToResult(),
            _ => new Problem(ProblemKind.NotFound, $"Pod {pod.Name} has no log of a container {container}.").ToResult(),
        };
    }

    private static bool AsksForKubeconfig(HttpContext http) =>
        http.Request.Query["include"].Any(asked => asked?.Contains("kubeconfig", StringComparison.Ordinal) == true);

    private static Problem? Refused(string[] extras, Principal who)
    {
        if (Array.Find(extras, e => e is not ("kubeconfig" or "values")) is { } unknown)
        {
            return ProblemResults.Invalid("include", $"takes kubeconfig and values, not {Quote.Of(unknown)}");
        }
        return extras.Length > 0 && who.Role < Role.Editor
            ? new Problem(ProblemKind.Forbidden, "Kubeconfig and values are for editors.")
            : null;
    }

    private static Problem Unavailable(string reason) =>
        new(ProblemKind.Unavailable, $"The host cannot be read now: {reason}") { RetryAfter = TimeSpan.FromSeconds(5) };

    /// <summary>Text as it comes: each piece is sent on at once, so that following a log follows it.</summary>
    private sealed class LogStream(Stream log, CancellationToken stopping) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            await using var closing = log;
            if (HttpMethods.IsHead(httpContext.Request.Method))
            {
                httpContext.Response.ContentType = PlainText;
                return;
            }
            using var end = CancellationTokenSource.CreateLinkedTokenSource(httpContext.RequestAborted, stopping);
            try
            {
                await CopyAsync(httpContext.Response, end.Token);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                // The server does not wait for logs to end; and half a log must not look like a whole one.
                httpContext.Abort();
            }
        }

        private async Task CopyAsync(HttpResponse response, CancellationToken cancellation)
        {
            response.ContentType = PlainText;
            var buffer = new byte[16 * 1024];
            int read;
            while ((read = await log.ReadAsync(buffer, cancellation)) > 0)
            {
                await response.Body.WriteAsync(buffer.AsMemory(0, read), cancellation);
                await response.Body.FlushAsync(cancellation);
            }
        }
    }
}
