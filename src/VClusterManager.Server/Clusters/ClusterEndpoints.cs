using System.Text.Json.Nodes;
using VClusterManager.Contracts;
using VClusterManager.Server.Audit;
using VClusterManager.Server.Http.Failures;
using VClusterManager.Server.Http.Requests;
using VClusterManager.Server.Identity;

namespace VClusterManager.Server.Clusters;

/// <summary>The routes that change clusters: each stores an intent, and waits for it only when it is asked to.</summary>
internal static class ClusterEndpoints
{
    public const string Path = "/api/clusters";

    public static IEndpointRouteBuilder MapClusters(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup(Path).RequireRole(Role.Editor).DescribesClusters();
        group.MapPost("", CreateAsync).DescribesCreate();
        group.MapPatch("/{name}", PatchAsync).DescribesPatch();
        group.MapDelete("/{name}", DeleteAsync).DescribesDelete();
        group.MapPost("/{name}/extend", ExtendAsync).DescribesExtend();
        group.MapPost("/{name}/retry", RetryAsync).DescribesRetry();
        group.MapPost("/{name}/pause", PauseAsync).DescribesPause();
        group.MapPost("/{name}/resume", ResumeAsync).DescribesResume();
        group.MapPost("/{name}/adopt", AdoptAsync).RequireRole(Role.Admin).DescribesAdopt();
        routes
            .MapGroup($"{Path}:validate")
            .RequireRole(Role.Editor)
            .DescribesClusters()
            .MapPost("", ValidateAsync)
            .ChangesNothing()
            .DescribesValidate();
        routes.MapClusterReads();
        return routes;
    }

    /// <summary>Create a cluster</summary>
    /// <remarks>
    /// Answers 202 at once, with the cluster as it was accepted; it is made afterwards, and <c>operation</c> says how far
    /// it is. With <c>wait</c> the answer comes when the cluster runs (201), has failed, or the time is up (202).
    /// </remarks>
    internal static async Task<IResult> CreateAsync(
        ClusterCreate body,
        IdempotencyKey key,
        WaitFor wait,
        HttpContext http,
        ClusterRequests requests,
        ClusterAnswers answers
    )
    {
        var who = http.GetPrincipal();
        http.Concerns(body.Namespace, body.Name);
        var idempotent = key.Text is { } text
            ? new IdempotentRequest(who.Identity, text, IdempotencyKey.HashOf(http.Request, body), answers.Record)
            : null;
        var outcome = await requests.CreateAsync(body, who, ClusterSources.Api, idempotent, http.RequestAborted);
        if (outcome.Problem is { } problem)
        {
            return problem.ToResult();
        }
        return outcome.Value switch
        {
            { Accepted: { } accepted, Recorded: var recorded } => await answers.CreatedAsync(
                accepted,
                recorded,
                idempotent,
                wait,
                http
            ),
            { Recorded: { } recorded } => ClusterAnswers.Repeat(recorded, http),
            _ => throw new InvalidOperationException("Neither accepted nor recorded."),
        };
    }

    /// <summary>Check a create</summary>
    /// <remarks>
    /// Checks everything that a create with this body would, and renders the values that would be given to the CLI.
    /// Nothing is done.
    /// </remarks>
    internal static async Task<IResult> ValidateAsync(ClusterCreate body, HttpContext http, ClusterRequests requests)
    {
        var outcome = await requests.ValidateAsync(body, http.GetPrincipal(), http.RequestAborted);
        return outcome.ToResult(valid => TypedResults.Ok(valid));
    }

    /// <summary>Change a cluster</summary>
    /// <remarks>
    /// A JSON merge patch. Labels, time to live and protection change at once (200) and never touch the cluster itself;
    /// values and version are an upgrade (202). Versions go up one minor at a time, never down.
    /// </remarks>
    internal static async Task<IResult> PatchAsync(
        string name,
        string? @namespace,
        JsonObject body,
        IfMatch ifMatch,
        WaitFor wait,
        HttpContext http,
        ClusterRequests requests,
        ClusterAnswers answers
    )
    {
        var which = new ClusterReference(name, @namespace);
        var outcome = await requests.PatchAsync(which, body, ifMatch.Text, http.GetPrincipal(), http.RequestAborted);
        return await answers.ChangedAsync(outcome, wait, http);
    }

    /// <summary>Delete a cluster</summary>
    /// <remarks>
    /// Answers 202 with the operation that does it, and the same one when asked again. With <c>wait</c> it is 200 once
    /// workload, release, volumes, configuration and (if ours) the namespace were seen to be gone. A create that is going
    /// on is ended first.
    /// </remarks>
    internal static async Task<IResult> DeleteAsync(
        string name,
        string? @namespace,
        WaitFor wait,
        HttpContext http,
        ClusterRequests requests,
        ClusterAnswers answers,
        bool keep_volumes = false,
        bool force = false
    )
    {
        var which = new ClusterReference(name, @namespace);
        var outcome = await requests.DeleteAsync(
            which,
            keep_volumes,
            force,
            "deleted by request",
            http.GetPrincipal(),
            http.RequestAborted
        );
        return await answers.DeletedAsync(outcome, wait, http);
    }

    /// <summary>Extend a cluster's life</summary>
    /// <remarks>It ends at the later of what was and so many hours from now: never earlier than before.</remarks>
    internal static async Task<IResult> ExtendAsync(
        string name,
        string? @namespace,
        ClusterExtend body,
        HttpContext http,
        ClusterRequests requests,
        ClusterAnswers answers
    )
    {
        var which = new ClusterReference(name, @namespace);
        var outcome = await requests.ExtendAsync(which, body.TtlHours, http.GetPrincipal(), http.RequestAborted);
        return outcome.ToResult(accepted => answers.Current(accepted.Cluster, http));
    }

    /// <summary>Try a failed cluster again</summary>
    /// <remarks>Goes on with what failed, from what is really there on the host.</remarks>
    internal static async Task<IResult> RetryAsync(
        string name,
        string? @namespace,
        WaitFor wait,
        HttpContext http,
        ClusterRequests requests,
        ClusterAnswers answers
    )
    {
        var which = new ClusterReference(name, @namespace);
        return await answers.ChangedAsync(
            await requests.RetryAsync(which, http.GetPrincipal(), http.RequestAborted),
            wait,
            http
        );
    }

    /// <summary>Put a cluster to sleep</summary>
    /// <remarks>It keeps its volumes, and runs nothing until it is woken.</remarks>
    internal static async Task<IResult> PauseAsync(
        string name,
        string? @namespace,
        WaitFor wait,
        HttpContext http,
        ClusterRequests requests,
        ClusterAnswers answers
    )
    {
        var which = new ClusterReference(name, @namespace);
        return await answers.ChangedAsync(
            await requests.PauseAsync(which, http.GetPrincipal(), http.RequestAborted),
            wait,
            http
        );
    }

    /// <summary>Wake a cluster</summary>
    /// <remarks>With <c>wait</c> the answer comes when it runs again.</remarks>
    internal static async Task<IResult> ResumeAsync(
        string name,
        string? @namespace,
        WaitFor wait,
        HttpContext http,
        ClusterRequests requests,
        ClusterAnswers answers
    )
    {
        var which = new ClusterReference(name, @namespace);
        return await answers.ChangedAsync(
            await requests.ResumeAsync(which, http.GetPrincipal(), http.RequestAborted),
            wait,
            http
        );
    }

    /// <summary>Adopt a cluster</summary>
    /// <remarks>
    /// Takes a cluster that is on the host already under management, with the values that it was installed with and
    /// without a time to live.
    /// </remarks>
    internal static async Task<IResult> AdoptAsync(
        string name,
        string? @namespace,
        HttpContext http,
        ClusterAdoption adoption,
        ClusterAnswers answers
    )
    {
        var which = new ClusterReference(name, @namespace);
        var outcome = await adoption.AdoptAsync(which, http.GetPrincipal(), http.RequestAborted);
        return outcome.ToResult(accepted => answers.Current(accepted.Cluster, http, StatusCodes.Status201Created));
    }
}
