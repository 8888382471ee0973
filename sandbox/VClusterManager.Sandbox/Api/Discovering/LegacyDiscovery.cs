using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Resources;

namespace VClusterManager.Sandbox.Api.Discovering;

/// <summary>What the API serves, a document per group.</summary>
internal static class LegacyDiscovery
{
    public static JsonObject Versions(string serverAddress) =>
        new()
        {
            ["kind"] = "APIVersions",
            ["versions"] = new JsonArray("v1"),
            ["serverAddressByClientCIDRs"] = new JsonArray(
                new JsonObject { ["clientCIDR"] = "0.0.0.0/0", ["serverAddress"] = serverAddress }
            ),
        };

    public static JsonObject Groups() =>
        new()
        {
            ["kind"] = "APIGroupList",
            ["apiVersion"] = "v1",
            ["groups"] = new JsonArray([.. ResourceCatalog.GroupNames.Select(Group)]),
        };

    public static JsonObject? GroupDocument(string name)
    {
        if (!ResourceCatalog.GroupNames.Contains(name))
        {
            return null;
        }

        var document = new JsonObject { ["kind"] = "APIGroup", ["apiVersion"] = "v1" };
        foreach (var (member, value) in Group(name))
        {
            document[member] = value?.DeepClone();
        }

        return document;
    }

    public static JsonObject? Resources(string group, string version)
    {
        var resources = ResourceCatalog.In(group, version);
        if (resources.Count == 0)
        {
            return null;
        }

        var list = new JsonObject { ["kind"] = "APIResourceList" };
        if (group.Length > 0)
        {
            list["apiVersion"] = "v1";
        }

        list["groupVersion"] = group.Length == 0 ? version : $"{group}/{version}";
        list["resources"] = new JsonArray([.. resources.SelectMany(Describe)]);
        return list;
    }

    private static JsonObject Group(string name)
    {
        JsonObject Version(string version) => new() { ["groupVersion"] = $"{name}/{version}", ["version"] = version };
        var versions = ResourceCatalog.VersionsOf(name);
        return new JsonObject
        {
            ["name"] = name,
            ["versions"] = new JsonArray([.. versions.Select(Version)]),
            ["preferredVersion"] = Version(versions[0]),
        };
    }

    private static IEnumerable<JsonNode> Describe(ResourceDefinition resource)
    {
        var described = new JsonObject
        {
            ["name"] = resource.Plural,
            ["singularName"] = resource.Singular,
            ["namespaced"] = resource.Namespaced,
            ["kind"] = resource.Kind,
            ["verbs"] = DiscoveryText.Array(resource.Verbs),
        };
        if (resource.ShortNames.Count > 0)
        {
            described["shortNames"] = DiscoveryText.Array(resource.ShortNames);
        }

        if (resource.Categories.Count > 0)
        {
            described["categories"] = DiscoveryText.Array(resource.Categories);
        }

        if (resource.Stored)
        {
            described["storageVersionHash"] = StorageVersionHash(resource);
        }

        yield return described;
        foreach (var subresource in resource.Subresources)
        {
            yield return Describe(resource, subresource);
        }
    }

    private static string StorageVersionHash(ResourceDefinition resource)
    {
        var stored = resource.StoredAs ?? resource;
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{stored.Group}/{stored.Version}/{stored.Kind}"));
        return Convert.ToBase64String(hash.AsSpan(0, 8));
    }

    private static JsonObject Describe(ResourceDefinition resource, SubresourceDefinition subresource)
    {
        var described = new JsonObject
        {
            ["name"] = $"{resource.Plural}/{subresource.Name}",
            ["singularName"] = "",
            ["namespaced"] = resource.Namespaced,
        };
        if (subresource.Group is not null)
        {
            described["group"] = subresource.Group;
            described["version"] = subresource.Version;
        }

        described["kind"] = subresource.Kind;
        described["verbs"] = DiscoveryText.Array(subresource.Verbs);
        return described;
    }
}

internal static class DiscoveryText
{
    public static JsonArray Array(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);
}
