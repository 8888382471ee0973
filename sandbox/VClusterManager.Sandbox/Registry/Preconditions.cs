using System.Globalization;
using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Api;
using VClusterManager.Sandbox.Json;
using VClusterManager.Sandbox.Resources;
using VClusterManager.Sandbox.Store;

namespace VClusterManager.Sandbox.Registry;

/// <summary>Which version of an object a writer means, and the refusal when it is another by now.</summary>
internal static class Preconditions
{
    /// <summary>For a deletion, which says it in its options.</summary>
    public static void Check(ResourceDefinition resource, StoredObject current, DeleteOptions options)
    {
        if (options.Uid is { } uid && uid != current.Uid)
        {
            throw Refusals.PreconditionFailed(
                resource,
                current.Name,
                $"the UID in the precondition ({uid}) does not match the UID in record ({current.Uid}). The object might have been deleted and then recreated"
            );
        }

        if (options.ResourceVersion is { } wanted && wanted != VersionOf(current))
        {
            throw Refusals.PreconditionFailed(
                resource,
                current.Name,
                $"the ResourceVersion in the precondition ({wanted}) does not match the ResourceVersion in record ({VersionOf(current)}). The object might have been modified"
            );
        }
    }

    /// <summary>For an update, which says it in the object itself.</summary>
    public static void Check(ResourceDefinition resource, StoredObject current, JsonObject changed)
    {
        var metadata = changed.Ensure("metadata");
        if (metadata.Text("resourceVersion") is { Length: > 0 } version && version != VersionOf(current))
        {
            throw Refusals.Modified(resource, current.Name);
        }

        if (metadata.Text("uid") is { Length: > 0 } uid && uid != current.Uid)
        {
            throw Refusals.Conflict(
                resource,
                current.Name,
                $"Precondition failed: UID in precondition: {uid}, UID in object meta: {current.Uid}"
            );
        }
    }

    private static string VersionOf(StoredObject stored) => stored.Version.ToString(CultureInfo.InvariantCulture);
}
