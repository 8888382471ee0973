using System.Net;
using Microsoft.AspNetCore.Http.Features;
using VClusterManager.Server.Audit;
using VClusterManager.Server.Clusters;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Http;
using VClusterManager.Server.Http.Failures;
using VClusterManager.Server.Identity;
using VClusterManager.Server.Kubernetes;
using VClusterManager.Server.Storage;
using Yarp.ReverseProxy.Forwarder;

namespace VClusterManager.Server.Access.Proxy;

/// <summary>
/// Passes requests on to the API of a virtual cluster:
/// <list type="number">
/// <item>where to, taken from the target as it was sent, and whether the caller may see that cluster;</item>
/// <item>in whose name: the caller's own, which only our certificate lets us say, so nobody else says another;</item>
/// <item>the way there, with the cluster's certificates; for viewers the binding of what they may see;</item>
/// <item>the forwarding itself, which streams both ways and ends with the caller, the credential or the cluster.</item>
/// </list>
/// </summary>
internal sealed class ProxyRequests(
    ClusterView view,
    ClusterReads reads,
    ClusterClients clients,
    ViewerBinding viewers,
    SleepingClusters sleeping,
    StreamLimit streams,
    ClusterActivity activity,
    AccessOptions options,
    IHttpForwarder forwarder,
    TimeProvider time
)
{
    /// <summary>How long a cluster may take for an answer that does not go on: it gives up itself after a minute.</summary>
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromMinutes(2);

    public async Task AnswerAsync(HttpContext http)
    {
        var asked = ProxyCall.Of(http);
        if (asked is not { Path: { } path, Call: { } call })
        {
            await RefuseAsync(http, new Problem(ProblemKind.Malformed, asked.Wrong));
            return;
        }

        var who = http.GetPrincipal();
        // Nearly all are reads, and nothing is kept of them.
        if (http.Features.Get<AuditTrail>() is { } trail)
        {
            trail.Concerns(path.Namespace, $"{path.Name} {call.Target}".TrimEnd(), $"k8s.{call.Action}");
        }

        if (ProxyFailures.Refused(http) is { } refused)
        {
            await RefuseAsync(http, refused);
            return;
        }

        var found = await FindAsync(path, call, who, http.RequestAborted);
        if (found.Problem is { } problem)
        {
            await RefuseAsync(http, problem);
            return;
        }

        var began = time.GetTimestamp();
        ProxyMetrics.Opened(call);
        try
        {
            await CountedAsync(http, found.Value, path, call, who);
        }
        finally
        {
            ProxyMetrics.Closed(call);
        }

        ProxyMetrics.Answered(call, http.Response.StatusCode, time.GetElapsedTime(began));
    }

    private async Task<Outcome<ClusterRow>> FindAsync(
        ProxyPath path,
        KubernetesCall call,
        Principal who,
        CancellationToken cancellation
    )
    {
        // Nearly always: what is known here needs no words.
        if (view.Find(new NamespacedName(path.Namespace, path.Name)) is { } known && MayEnter(known.Row, who))
        {
            return SleepingClusters.IsAsleep(known) ? await WakeAsync(known, call, who, cancellation) : known.Row;
        }

        var found = await reads.FindManagedAsync(new ClusterReference(path.Name, path.Namespace), who, cancellation);
        var cluster = found.Problem is null ? found.Value : null;
        if (who.OnlyCluster is { } only && cluster?.Row.Id != only)
        {
            // In the same words whatever is there: it is none of its business.
            return new Problem(ProblemKind.Forbidden, "The token is for another cluster, or for one that is gone.");
        }

        return cluster is null ? found.Problem!
            : SleepingClusters.IsAsleep(cluster) ? await WakeAsync(cluster, call, who, cancellation)
            : cluster.Row;
    }

    /// <summary>What is held is open for as long as an answer that goes on, and counts as one.</summary>
    private async Task<Outcome<ClusterRow>> WakeAsync(
        ClusterSnapshot asleep,
        KubernetesCall call,
        Principal who,
        CancellationToken cancellation
    )
    {
        using var held = streams.Open(who);
        return held.IsAcquired ? await sleeping.WakeAsync(asleep, call, who, cancellation) : TooMany(who);
    }

    private static bool MayEnter(ClusterRow cluster, Principal who) =>
        who.MaySee(cluster.Namespace, cluster.Owner) && (who.OnlyCluster is null || who.OnlyCluster == cluster.Id);

    private async Task CountedAsync(
        HttpContext http,
        ClusterRow cluster,
        ProxyPath path,
        KubernetesCall call,
        Principal who
    )
    {
        using var stream = call.GoesOn ? streams.Open(who) : null;
        if (stream is { IsAcquired: false })
        {
            await RefuseAsync(http, TooMany(who));
            return;
        }

        using var used = activity.Begin(cluster.Id, call);
        await ForwardAsync(http, cluster, path, call, who);
    }

    private async Task ForwardAsync(
        HttpContext http,
        ClusterRow cluster,
        ProxyPath path,
        KubernetesCall call,
        Principal who
    )
    {
        var way = await clients.EnterAsync(cluster, http.RequestAborted);
        if (way.Problem is { } noWay)
        {
            await RefuseAsync(http, noWay);
            return;
        }

        var client = way.Value;
        try
        {
            if (who.Role < Role.Editor && await viewers.KeepAsync(client, http.RequestAborted) is { } unbound)
            {
                await RefuseAsync(http, unbound);
                return;
            }

            if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } body)
            {
                body.MaxRequestBodySize = null;
            }

            http.Request.Body = new ForwardedBody(http.Request.BodyReader);
            var error = await forwarder.SendAsync(
                http,
                client.Address,
                client.Http,
                ConfigOf(call),
                new ProxyTransformer(path, who, call.GoesOn)
            );
            if (
                !http.Response.HasStarted
                && !http.RequestAborted.IsCancellationRequested
                && ProxyFailures.Of(error, http.GetForwarderErrorFeature()?.Exception, cluster) is { } failure
            )
            {
                await RefuseAsync(http, failure);
            }
        }
        catch (HttpRequestException e)
        {
            await RefuseAsync(http, ProxyFailures.Unreachable(e, cluster));
        }
        finally
        {
            client.Leave();
        }
    }

    private ForwarderRequestConfig ConfigOf(KubernetesCall call) =>
        new()
        {
            ActivityTimeout = call.GoesOn ? options.IdleTimeout : AnswerTimeout,
            // The API server knows sessions only over HTTP/1.1.
            Version = call.IsUpgrade ? HttpVersion.Version11 : HttpVersion.Version20,
            VersionPolicy = call.IsUpgrade
                ? HttpVersionPolicy.RequestVersionExact
                : HttpVersionPolicy.RequestVersionOrLower,
        };

    private Problem TooMany(Principal who) =>
        new(
            ProblemKind.TooManyRequests,
            $"{who.Name} has {options.MaxStreams} watches, sessions and requests that wait for a cluster to wake, which is the limit: close some."
        );

    private static Task RefuseAsync(HttpContext http, Problem problem)
    {
        http.Response.Clear();
        return problem.ToResult().ExecuteAsync(http);
    }
}
