using System.Text;
using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Json;
using VClusterManager.Sandbox.Patching;
using VClusterManager.Sandbox.Registry;
using VClusterManager.Sandbox.Resources;
using VClusterManager.Sandbox.Schema;

namespace VClusterManager.Sandbox.Api;

/// <summary>Create, update, patch and delete.</summary>
internal static class ResourceWrites
{
    public static async Task CreateAsync(ResourceRequest request)
    {
        var body = await RequestBody.ReadObjectAsync(request.Http, request.Resource.Kind);
        RequestRules.CheckNew(request, body);
        var stored = request.Cluster.Registry.Create(
            request.Storage,
            request.Namespace,
            VersionConversion.Store(request.Resource, body),
            request.WriteOptions
        );
        await ResourceReads.WriteObjectAsync(request, 201, stored.Json);
    }

    public static async Task UpdateAsync(ResourceRequest request)
    {
        var body = await RequestBody.ReadObjectAsync(request.Http, request.Resource.Kind);
        RequestRules.CheckChanged(request, body);
        var stored = request.Cluster.Registry.Update(
            request.Storage,
            request.Namespace,
            request.Info.Name,
            _ => VersionConversion.Store(request.Resource, body.Copy()),
            request.WriteOptions
        );
        await ResourceReads.WriteObjectAsync(request, 200, stored.Json);
    }

    public static async Task PatchAsync(ResourceRequest request)
    {
        var text = await RequestBody.ReadTextAsync(request.Http);
        if (
            request.Http.Request.ContentType?.StartsWith("application/apply-patch+yaml", StringComparison.Ordinal)
            == true
        )
        {
            await ApplyAsync(request, text);
            return;
        }

        var change = PatchOf(request.Http.Request.ContentType, text, ApiTypes.Of(request.Resource));
        var stored = request.Cluster.Registry.Update(
            request.Storage,
            request.Namespace,
            request.Info.Name,
            current =>
            {
                var changed = change(VersionConversion.Show(request.Resource, current));
                RequestRules.CheckChanged(request, changed);
                return VersionConversion.Store(request.Resource, changed);
            },
            request.WriteOptions
        );
        await ResourceReads.WriteObjectAsync(request, 200, stored.Json);
    }

    private static async Task ApplyAsync(ResourceRequest request, string text)
    {
        if (request.Query["fieldManager"].ToString().Length == 0)
        {
            throw Refusals.Invalid(
                "meta.k8s.io",
                "PatchOptions",
                "",
                [FieldError.Required("fieldManager", "is required for apply patch")]
            );
        }

        var config = RequestBody.ParseObject(Encoding.UTF8.GetBytes(text), "application/yaml", request.Resource.Kind);
        RequestRules.CheckApplied(request, config);
        var (stored, created) = request.Cluster.Registry.Apply(
            request.Storage,
            request.Namespace,
            request.Info.Name,
            config,
            request.Query["force"] == "true",
            request.WriteOptions
        );
        await ResourceReads.WriteObjectAsync(request, created ? 201 : 200, stored.Json);
    }

    public static async Task DeleteAsync(ResourceRequest request)
    {
        RequestRules.CheckDeletion(request);
        var options = await DeleteOptionsAsync(request);
        var deletion = request.Cluster.Registry.Delete(request.Storage, request.Namespace, request.Info.Name, options);
        await (
            deletion.Gone
                ? WriteGoneAsync(request, deletion)
                : ResourceReads.WriteObjectAsync(request, 200, deletion.Object.Json)
        );
    }

    public static async Task DeleteCollectionAsync(ResourceRequest request)
    {
        var options = await DeleteOptionsAsync(request);
        var listing = Listing.Read(
            request.Cluster.Store,
            request.Storage,
            request.Scope,
            ListRequest.Parse(request.Query, request.Resource),
            request.Query
        );
        foreach (var stored in listing.Items)
        {
            request.Cluster.Registry.TryDelete(request.Storage, stored, options);
        }

        await ResourceReads.WriteListAsync(request, listing);
    }

    /// <summary>The change that a patch stands for, by its content type.</summary>
    public static Func<JsonObject, JsonObject> PatchOf(string? contentType, string text, StructShape? shape) =>
        contentType?.Split(';')[0].Trim() switch
        {
            "application/merge-patch+json" when RequestBody.ParseJson(text) is JsonObject patch => current =>
                MergePatch.Apply(current, patch),
            "application/strategic-merge-patch+json" when RequestBody.ParseJson(text) is JsonObject patch => current =>
                StrategicMergePatch.Apply(current, patch, shape),
            "application/json-patch+json" when RequestBody.ParseJson(text) is JsonArray patch => current =>
                JsonPatch.Apply(current, patch),
            "application/merge-patch+json"
            or "application/strategic-merge-patch+json"
            or "application/json-patch+json" => throw Refusals.BadRequest(
                "error decoding patch: json: cannot unmarshal value"
            ),
            _ => throw Refusals.UnsupportedMediaType(),
        };

    private static Task WriteGoneAsync(ResourceRequest request, Deletion deletion)
    {
        // A pod is shown as it was last; of everything else only the fact.
        if (request.Resource == ResourceCatalog.Pods)
        {
            return ResourceReads.WriteObjectAsync(request, 200, deletion.Object.Json);
        }

        var details = new JsonObject { ["name"] = deletion.Object.Name };
        if (request.Resource.Group.Length > 0)
        {
            details["group"] = request.Resource.Group;
        }

        details["kind"] = request.Resource.Plural;
        details["uid"] = deletion.Object.Uid;
        return request.Http.WriteJsonAsync(
            200,
            new JsonObject
            {
                ["kind"] = "Status",
                ["apiVersion"] = "v1",
                ["metadata"] = new JsonObject(),
                ["status"] = "Success",
                ["details"] = details,
            }
        );
    }

    private static async Task<DeleteOptions> DeleteOptionsAsync(ResourceRequest request)
    {
        var body = await RequestBody.ReadOptionalObjectAsync(request.Http, "DeleteOptions");
        return DeleteOptions.From(body, request.QueryDeleteOptions);
    }
}
