using VClusterManager.Sandbox.Authentication;
using VClusterManager.Sandbox.Authorization;
using VClusterManager.Sandbox.Faults;
using VClusterManager.Sandbox.Resources;

namespace VClusterManager.Sandbox.Api;

/// <summary>
/// The API of one cluster. A request passes the faults that are on, authentication, then authorisation, and goes to
/// what its path names; whatever refuses it on the way ends in one place here.
/// </summary>
internal sealed partial class ApiServer(EmulatedCluster cluster)
{
    private readonly ILogger _logger = cluster.Settings.Loggers.CreateLogger<ApiServer>();
    private readonly Impersonation _impersonation = new(cluster.Authorizer);

    public async Task HandleAsync(HttpContext context)
    {
        var caller = Identity.Anonymous;
        context.Response.OnStarting(() =>
        {
            Note(context, caller);
            return Task.CompletedTask;
        });
        try
        {
            await SufferAsync(context);
            caller = _impersonation.Apply(context, cluster.Authenticator.Authenticate(context));
            var info = RequestInfo.Parse(
                context.Request.Method,
                context.Request.Path.Value ?? "/",
                context.Request.Query
            );
            Authorise(context, info, caller);
            await DispatchAsync(context, info, caller);
        }
        catch (StatusException refusal) when (!context.Response.HasStarted)
        {
            await context.WriteStatusAsync(refusal);
        }
        catch (Exception exception) when (exception is not OperationCanceledException && !context.Response.HasStarted)
        {
            Log.Failed(_logger, exception, context.Request.Method, context.Request.Path);
            await context.WriteStatusAsync(Refusals.InternalError(exception.Message));
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client went away: there is no one to answer.
        }
    }

    private async Task SufferAsync(HttpContext context)
    {
        if (cluster.FindFault(FaultNames.ApiAway) == PortSwitches.Unavailable)
        {
            throw Refusals.Unavailable("the server is currently unable to handle the request");
        }

        if (Durations.TryParse(cluster.FindFault(FaultNames.ApiLatency)) is { } latency)
        {
            await Task.Delay(latency, cluster.Time, context.RequestAborted);
        }
    }

    private void Authorise(HttpContext context, RequestInfo info, Identity caller)
    {
        if (info.Path.StartsWith("/-/", StringComparison.Ordinal))
        {
            return;
        }

        // The server marks answers of its authorisation, and only those, as not to be guessed at.
        context.Response.Headers.XContentTypeOptions = "nosniff";
        var access = AccessAttributes.Of(info);
        cluster.Authorizer.Require(caller, access);
        if (OpensSession(context, info))
        {
            cluster.Authorizer.Require(caller, access with { Verb = "create" });
        }

        context.Response.Headers.Remove("X-Content-Type-Options");
    }

    /// <summary>A WebSocket begins as a GET; since 1.35 that alone no longer lets anybody into a pod.</summary>
    private bool OpensSession(HttpContext context, RequestInfo info) =>
        cluster.Version.Minor >= 35
        && info is { Verb: "get", Group: "", Resource: "pods", Subresource: "exec" or "attach" or "portforward" }
        && context.WebSockets.IsWebSocketRequest;

    private Task DispatchAsync(HttpContext context, RequestInfo info, Identity caller)
    {
        if (!info.IsResource)
        {
            return PlainPaths.HandleAsync(context, cluster, info, caller);
        }

        if (ResourceCatalog.In(info.Group, info.Version).Count == 0)
        {
            return PlainPaths.NotFoundAsync(context);
        }

        var resource = ResourceCatalog.Find(info.Group, info.Version, info.Resource) ?? throw Refusals.NoSuchResource();
        var request = new ResourceRequest(context, cluster, info, resource, caller);
        return info.Subresource.Length > 0 ? Subresources.HandleAsync(request) : HandleAsync(request);
    }

    private static Task HandleAsync(ResourceRequest request)
    {
        if (!request.Resource.Verbs.Contains(request.Info.Verb))
        {
            throw Refusals.MethodNotAllowed();
        }

        if (request.Info.Verb is "create" or "update" or "patch" or "delete" or "deletecollection")
        {
            RequestRules.CheckOptions(request);
        }
        else if (request.Info.Verb is "list" or "watch")
        {
            RequestRules.CheckList(request);
        }

        return request.Info.Verb switch
        {
            "get" => ResourceReads.GetAsync(request),
            "list" => ResourceReads.ListAsync(request),
            "watch" => ResourceWatch.RunAsync(request),
            "create" when !request.Resource.Stored => Reviews.AnswerAsync(request),
            "create" => ResourceWrites.CreateAsync(request),
            "update" => ResourceWrites.UpdateAsync(request),
            "patch" => ResourceWrites.PatchAsync(request),
            "delete" => ResourceWrites.DeleteAsync(request),
            "deletecollection" => ResourceWrites.DeleteCollectionAsync(request),
            _ => throw Refusals.MethodNotAllowed(),
        };
    }

    private void Note(HttpContext context, Identity caller) =>
        cluster.Settings.Requests.Add(
            new RequestRecord(
                cluster.Time.GetUtcNow(),
                cluster.Name,
                context.Request.Method,
                context.Request.Path.Value ?? "/",
                context.Request.QueryString.Value ?? "",
                context.Request.Headers.UserAgent.ToString(),
                caller.User,
                context.Response.StatusCode
            )
        );

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "{Method} {Path} failed")]
        public static partial void Failed(ILogger logger, Exception exception, string method, PathString path);
    }
}
