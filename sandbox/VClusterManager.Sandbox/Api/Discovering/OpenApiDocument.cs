using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Resources;
using VClusterManager.Sandbox.Schema;

namespace VClusterManager.Sandbox.Api.Discovering;

/// <summary>Builds the OpenAPI v3 document of one group version from the resources and their types.</summary>
internal static class OpenApiDocument
{
    private static readonly string[] QueryParameters = ["dryRun", "fieldManager", "fieldValidation", "pretty"];

    /// <summary>By these kubectl sees whether a strategic patch can be made from the document.</summary>
    private static readonly string[] PatchTypes =
    [
        "application/apply-patch+yaml",
        "application/json-patch+json",
        "application/merge-patch+json",
        "application/strategic-merge-patch+json",
    ];

    public static JsonObject Build(string group, string version)
    {
        var resources = ResourceCatalog.In(group, version);
        var schemas = new OpenApiSchemas();
        var paths = new JsonObject();
        foreach (var resource in resources)
        {
            AddPaths(paths, resource);
            if (ApiTypes.Of(resource) is { } shape)
            {
                schemas.AddRoot(shape, resource);
            }
        }

        return new JsonObject
        {
            ["openapi"] = "3.0.0",
            ["info"] = new JsonObject { ["title"] = "Kubernetes", ["version"] = ClusterVersion.Host.Git },
            ["paths"] = paths,
            ["components"] = new JsonObject { ["schemas"] = schemas.ToJson() },
        };
    }

    private static void AddPaths(JsonObject paths, ResourceDefinition resource)
    {
        var root =
            resource.Group.Length == 0 ? $"/api/{resource.Version}" : $"/apis/{resource.Group}/{resource.Version}";
        var collection = resource.Namespaced
            ? $"{root}/namespaces/{{namespace}}/{resource.Plural}"
            : $"{root}/{resource.Plural}";
        paths[collection] = Operations(resource, ("list", "get"), ("create", "post"), ("deletecollection", "delete"));
        if (resource.Verbs.Contains("get"))
        {
            paths[$"{collection}/{{name}}"] = Operations(
                resource,
                ("get", "get"),
                ("update", "put"),
                ("patch", "patch"),
                ("delete", "delete")
            );
        }
    }

    private static JsonObject Operations(ResourceDefinition resource, params (string Verb, string Method)[] methods)
    {
        var operations = new JsonObject();
        foreach (var (verb, method) in methods.Where(method => resource.Verbs.Contains(method.Verb)))
        {
            operations[method] = Operation(resource, verb);
        }

        return operations;
    }

    private static JsonObject Operation(ResourceDefinition resource, string verb)
    {
        var action = verb switch
        {
            "create" => "post",
            "update" => "put",
            _ => verb,
        };
        var operation = new JsonObject
        {
            ["x-kubernetes-action"] = action,
            ["x-kubernetes-group-version-kind"] = KindOf(resource),
        };
        if (verb is "create" or "update" or "patch")
        {
            operation["parameters"] = new JsonArray([.. QueryParameters.Select(Parameter)]);
        }

        if (verb == "patch")
        {
            operation["requestBody"] = PatchBody();
        }

        operation["responses"] = new JsonObject { ["200"] = new JsonObject { ["description"] = "OK" } };
        return operation;
    }

    private static JsonObject PatchBody()
    {
        var content = new JsonObject();
        foreach (var type in PatchTypes)
        {
            content[type] = new JsonObject { ["schema"] = new JsonObject { ["type"] = "object" } };
        }

        return new JsonObject { ["content"] = content, ["required"] = true };
    }

    private static JsonObject Parameter(string name) =>
        new()
        {
            ["name"] = name,
            ["in"] = "query",
            ["schema"] = new JsonObject { ["type"] = "string", ["uniqueItems"] = true },
        };

    public static JsonObject KindOf(ResourceDefinition resource) =>
        new()
        {
            ["group"] = resource.Group,
            ["kind"] = resource.Kind,
            ["version"] = resource.Version,
        };
}
