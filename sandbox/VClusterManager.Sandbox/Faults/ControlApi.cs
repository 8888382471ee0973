using System.Text.Json;
using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Json;
using VClusterManager.Sandbox.Registry;

namespace VClusterManager.Sandbox.Faults;

/// <summary>
/// The switchboard, on a loopback port of its own: <c>GET /faults</c>, <c>GET|PUT|DELETE /faults/{name}</c> (value as
/// the body or as <c>?value=</c>; <c>?namespace=</c> and <c>?name=</c> choose one virtual cluster), <c>DELETE
/// /faults</c>, <c>GET|DELETE /requests</c> (filters <c>method</c>, <c>path</c>, <c>user_agent</c>, <c>user</c>,
/// <c>cluster</c>), <c>GET|DELETE /rights</c> (filter <c>user</c>): what requests to the host have needed, <c>POST
/// /compact</c> to forget the history of all watches.
/// </summary>
internal sealed class ControlApi(FaultBoard faults, RequestLog requests, EmulatedCluster host)
{
    public Task HandleAsync(HttpContext context)
    {
        var parts = (context.Request.Path.Value ?? "").Split('/', StringSplitOptions.RemoveEmptyEntries);
        return (context.Request.Method, parts) switch
        {
            ("GET", ["faults"]) => AnswerAsync(context, 200, FaultList(faults.All)),
            ("DELETE", ["faults"]) => ClearAsync(context),
            ("GET", ["faults", var name]) => AnswerAsync(
                context,
                200,
                FaultList(faults.All.Where(fault => fault.Name == name))
            ),
            ("PUT", ["faults", var name]) => SetAsync(context, name),
            ("DELETE", ["faults", var name]) => AnswerAsync(
                context,
                faults.Remove(name, TargetOf(context)) ? 200 : 404,
                FaultList(faults.All)
            ),
            ("GET", ["requests"]) => AnswerAsync(context, 200, Requests(context)),
            ("DELETE", ["requests"]) => ForgetAsync(context),
            ("GET", ["rights"]) => AnswerAsync(context, 200, Rights(context)),
            ("DELETE", ["rights"]) => ForgetRightsAsync(context),
            ("POST", ["compact"]) => CompactAsync(context),
            _ => AnswerAsync(context, 404, new JsonObject { ["error"] = "see /faults, /requests and /rights" }),
        };
    }

    /// <summary>The faults that concern one cluster, as the command line tools ask for them.</summary>
    public static JsonObject FaultsFor(FaultBoard board, string ns, string name)
    {
        var active = FaultNames
            .All.Select(fault => (Name: fault, Value: board.Find(fault, ns, name)))
            .Where(fault => fault.Value is not null)
            .Select(fault => (JsonNode)new JsonObject { ["name"] = fault.Name, ["value"] = fault.Value });
        return new JsonObject { ["faults"] = new JsonArray([.. active]) };
    }

    private async Task SetAsync(HttpContext context, string name)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync(context.RequestAborted);
        var value = context.Request.Query["value"].FirstOrDefault() ?? ValueOf(body);
        if (FaultNames.Check(name, value) is { } error)
        {
            var code = FaultNames.All.Contains(name) ? 400 : 404;
            await AnswerAsync(context, code, new JsonObject { ["error"] = error });
            return;
        }

        faults.Set(new Fault(name, value, TargetOf(context)));
        await AnswerAsync(context, 200, FaultList(faults.All));
    }

    /// <summary>A JSON object with <c>value</c>, a JSON string, or plain text.</summary>
    private static string ValueOf(string body)
    {
        try
        {
            var json = JsonNode.Parse(body);
            return json is JsonObject
                ? json["value"].Text() ?? json["value"]?.ToJsonString() ?? ""
                : json.Text() ?? body.Trim();
        }
        catch (JsonException)
        {
            return body.Trim();
        }
    }

    private Task ClearAsync(HttpContext context)
    {
        faults.Clear();
        return AnswerAsync(context, 200, FaultList(faults.All));
    }

    private Task ForgetAsync(HttpContext context)
    {
        requests.Clear();
        return AnswerAsync(context, 200, new JsonObject());
    }

    private Task ForgetRightsAsync(HttpContext context)
    {
        host.Authorizer.Log.Clear();
        return AnswerAsync(context, 200, new JsonObject());
    }

    private Task CompactAsync(HttpContext context)
    {
        host.Store.Compact();
        return AnswerAsync(context, 200, new JsonObject());
    }

    private JsonObject Requests(HttpContext context)
    {
        var query = context.Request.Query;
        bool Fits(string filter, string value) =>
            query[filter].FirstOrDefault() is not { Length: > 0 } wanted
            || value.Contains(wanted, StringComparison.OrdinalIgnoreCase);
        var chosen = requests
            .All.Where(request =>
                Fits("method", request.Method)
                && Fits("path", request.Path)
                && Fits("user_agent", request.UserAgent)
                && Fits("user", request.User)
                && Fits("cluster", request.Cluster)
            )
            .Select(request => (JsonNode)Describe(request))
            .ToArray();
        return new JsonObject { ["total"] = chosen.Length, ["requests"] = new JsonArray(chosen) };
    }

    private JsonObject Rights(HttpContext context)
    {
        var user = context.Request.Query["user"].ToString();
        var rights = host
            .Authorizer.Log.All.Where(right => user.Length == 0 || right.User == user)
            .Select(right =>
                (JsonNode)
                    new JsonObject
                    {
                        ["user"] = right.User,
                        ["group"] = right.Group,
                        ["resource"] = right.Resource,
                        ["verb"] = right.Verb,
                        ["namespace"] = right.Namespace,
                        ["allowed"] = right.Allowed,
                    }
            );
        return new JsonObject { ["rights"] = new JsonArray([.. rights]) };
    }

    private static JsonObject Describe(RequestRecord request) =>
        new()
        {
            ["time"] = Timestamps.FormatMicro(request.Time),
            ["cluster"] = request.Cluster,
            ["method"] = request.Method,
            ["path"] = request.Path,
            ["query"] = request.Query,
            ["user_agent"] = request.UserAgent,
            ["user"] = request.User,
            ["status"] = request.Status,
        };

    private static JsonObject FaultList(IEnumerable<Fault> list) =>
        new()
        {
            ["faults"] = new JsonArray([
                .. list.Select(fault => new JsonObject
                {
                    ["name"] = fault.Name,
                    ["value"] = fault.Value,
                    ["namespace"] = fault.Target.Namespace,
                    ["cluster"] = fault.Target.Name,
                }),
            ]),
        };

    private static ClusterTarget TargetOf(HttpContext context) =>
        new(context.Request.Query["namespace"].ToString(), context.Request.Query["name"].ToString());

    private static async Task AnswerAsync(HttpContext context, int code, JsonObject json)
    {
        context.Response.StatusCode = code;
        context.Response.ContentType = "application/json";
        await context.Response.Body.WriteAsync(GoJson.Pretty(json), context.RequestAborted);
    }
}
