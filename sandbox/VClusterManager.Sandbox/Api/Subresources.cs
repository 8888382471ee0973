using System.Text;
using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Api.Exec;
using VClusterManager.Sandbox.Api.Forwarding;
using VClusterManager.Sandbox.Api.Proxying;
using VClusterManager.Sandbox.Json;
using VClusterManager.Sandbox.Schema;

namespace VClusterManager.Sandbox.Api;

/// <summary>Status, scale and the actions that hang on an object.</summary>
internal static class Subresources
{
    public static Task HandleAsync(ResourceRequest request)
    {
        var definition =
            request.Resource.Subresources.FirstOrDefault(subresource => subresource.Name == request.Info.Subresource)
            ?? throw Refusals.NoSuchResource();
        if (!definition.Verbs.Contains(request.Info.Verb))
        {
            throw Refusals.MethodNotAllowed();
        }

        return (request.Info.Subresource, request.Info.Verb) switch
        {
            ("scale", _) => ScaleAsync(request),
            ("exec" or "attach", _) => ExecRequests.AnswerAsync(request),
            ("portforward", _) => PortForwardRequests.AnswerAsync(request),
            ("proxy", _) => ProxyRequests.AnswerAsync(request),
            ("log", _) => PodLogs.WriteAsync(request),
            ("eviction", _) => Evictions.AnswerAsync(request),
            ("token", _) => TokenRequests.AnswerAsync(request),
            ("status" or "finalize", "get") => ResourceReads.GetAsync(request),
            ("status" or "finalize", "update") => ResourceWrites.UpdateAsync(request),
            ("status", "patch") => ResourceWrites.PatchAsync(request),
            _ => throw Refusals.NoSuchResource(),
        };
    }

    private static async Task ScaleAsync(ResourceRequest request)
    {
        if (request.Info.Verb == "get")
        {
            var stored = request.Cluster.Registry.Get(request.Resource, request.Namespace, request.Info.Name);
            await request.Http.WriteJsonAsync(200, ScaleOf(stored.Json));
            return;
        }

        var body = await RequestBody.ReadBytesAsync(request.Http);
        Func<JsonObject, JsonObject> change =
            request.Info.Verb == "patch"
                ? ResourceWrites.PatchOf(
                    request.Http.Request.ContentType,
                    Encoding.UTF8.GetString(body),
                    ApiTypes.Of("autoscaling", "v1", "Scale")
                )
                : _ => RequestBody.ParseObject(body, request.Http.Request.ContentType, "Scale");
        var scaled = request.Cluster.Registry.Update(
            request.Resource,
            request.Namespace,
            request.Info.Name,
            current =>
            {
                var scale = change(ScaleOf(current));
                RequestRules.CheckName(request, scale);
                current.Ensure("metadata")["resourceVersion"] = scale.Text("metadata", "resourceVersion");
                current.Ensure("spec")["replicas"] = scale.Number("spec", "replicas") ?? 0;
                return current;
            },
            request.WriteOptions
        );
        await request.Http.WriteJsonAsync(200, ScaleOf(scaled.Json));
    }

    private static JsonObject ScaleOf(JsonObject json)
    {
        var metadata = new JsonObject();
        foreach (var name in new[] { "name", "namespace", "uid", "resourceVersion", "creationTimestamp" })
        {
            metadata[name] = json["metadata"]?[name]?.DeepClone();
        }

        var spec = new JsonObject();
        if (json.Number("spec", "replicas") is { } replicas and not 0)
        {
            spec["replicas"] = replicas;
        }

        var status = new JsonObject { ["replicas"] = json.Number("status", "replicas") ?? 0 };
        var labels =
            json.Object("spec", "selector", "matchLabels")?.Select(label => $"{label.Key}={label.Value.Text()}") ?? [];
        status["selector"] = string.Join(',', labels.Order(StringComparer.Ordinal));
        return new JsonObject
        {
            ["kind"] = "Scale",
            ["apiVersion"] = "autoscaling/v1",
            ["metadata"] = metadata,
            ["spec"] = spec,
            ["status"] = status,
        };
    }
}
