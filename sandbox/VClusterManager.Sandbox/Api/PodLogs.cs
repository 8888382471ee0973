using System.Text;
using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Containers;
using VClusterManager.Sandbox.Json;
using VClusterManager.Sandbox.Resources;
using VClusterManager.Sandbox.Store;

namespace VClusterManager.Sandbox.Api;

/// <summary>
/// What a pod's containers wrote: a control plane's lines follow from the state that it is in, all others have a log
/// of their own. With <c>follow</c> the answer stays open until the container or the pod ends.
/// </summary>
internal static class PodLogs
{
    public static async Task WriteAsync(ResourceRequest request)
    {
        var pod = request.Cluster.Registry.Get(request.Resource, request.Namespace, request.Info.Name);
        var options = LogOptions.Of(request);
        var container = PodContainers.Choose(pod, request.Query["container"].ToString());
        var status = StatusOf(pod, container);
        RefuseWhatHasNotStarted(pod, container, status, options);
        var response = request.Http.Response;
        response.StatusCode = 200;
        response.Headers.CacheControl = "no-cache, private";
        response.ContentType = "text/plain";
        await response.StartAsync(request.Http.RequestAborted);
        var log = ControlPlaneLog.Of(pod, container, status, options.Previous, request.Cluster.Time);
        log ??= request.Cluster.Containers.Of(pod, container).Log;
        var (lines, next, _) = log.ReadFrom(0);
        await WriteAsync(request, options.Choose(lines, request.Cluster.Time.GetUtcNow()));
        if (options.Follow && !options.Previous)
        {
            await FollowAsync(request, pod, log, next, options);
        }
    }

    private static JsonObject? StatusOf(StoredObject pod, JsonObject container) =>
        pod
            .Json.Objects("status", "containerStatuses")
            .Concat(pod.Json.Objects("status", "initContainerStatuses"))
            .FirstOrDefault(status => status.Text("name") == container.Text("name"));

    private static void RefuseWhatHasNotStarted(
        StoredObject pod,
        JsonObject container,
        JsonObject? status,
        LogOptions options
    )
    {
        var name = container.Text("name");
        var waiting = status.Text("state", "waiting", "reason");
        var ranBefore = status.Object("lastState", "terminated") is not null;
        if (options.Previous && !ranBefore)
        {
            throw Refusals.BadRequest($"previous terminated container \"{name}\" in pod \"{pod.Name}\" not found");
        }

        if (status is null || (waiting is not null && !ranBefore))
        {
            var why = waiting is "ErrImagePull" or "ImagePullBackOff"
                ? "trying and failing to pull image"
                : waiting ?? "ContainerCreating";
            throw Refusals.BadRequest($"container \"{name}\" in pod \"{pod.Name}\" is waiting to start: {why}");
        }
    }

    private static async Task WriteAsync(ResourceRequest request, string text)
    {
        var body = request.Http.Response.Body;
        await body.WriteAsync(Encoding.UTF8.GetBytes(text), request.Http.RequestAborted);
        await body.FlushAsync(request.Http.RequestAborted);
    }

    private static async Task FollowAsync(
        ResourceRequest request,
        StoredObject pod,
        ContainerLog log,
        long position,
        LogOptions options
    )
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(
            request.Http.RequestAborted,
            request.Cluster.Stopping
        );
        var gone = UntilGoneAsync(request, pod, ending.Token);
        try
        {
            while (true)
            {
                var (lines, next, news) = log.ReadFrom(position);
                await WriteAsync(request, options.Format(lines));
                position = next;
                if (log.IsComplete || await Task.WhenAny(news, gone) == gone)
                {
                    return;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The reader or the cluster goes.
        }
        finally
        {
            await ending.CancelAsync();
        }
    }

    private static async Task UntilGoneAsync(ResourceRequest request, StoredObject pod, CancellationToken cancel)
    {
        var (snapshot, subscription) = request.Cluster.Store.WatchFromNow(ResourceCatalog.Pods, pod.Namespace);
        using (subscription)
        {
            if (!snapshot.Objects.Any(one => one.Uid == pod.Uid && !one.Deleting))
            {
                return;
            }

            try
            {
                await foreach (var change in subscription.Changes.ReadAllAsync(cancel))
                {
                    if (change.Object.Uid == pod.Uid && (change.Kind == ChangeKind.Deleted || change.Object.Deleting))
                    {
                        return;
                    }
                }
            }
            catch (OperationCanceledException)
            {
                // The reader or the cluster goes.
            }
        }
    }
}
