using System.Globalization;
using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Resources;
using VClusterManager.Sandbox.Store;

namespace VClusterManager.Sandbox.Api;

/// <summary>One page of a list.</summary>
internal sealed record Listing(IReadOnlyList<StoredObject> Items, long Version, string? Continue, long? Remaining)
{
    public static Listing Read(
        ObjectStore store,
        ResourceDefinition resource,
        string? ns,
        ListRequest request,
        IQueryCollection query
    )
    {
        if (request.Continue.Length > 0)
        {
            return NextPage(store, resource, ns, request);
        }

        var snapshot = SnapshotAt(store, resource, ns, query);
        return Page(snapshot.Objects, snapshot.Version, ns, request);
    }

    public JsonObject Metadata()
    {
        var metadata = new JsonObject { ["resourceVersion"] = Version.ToString(CultureInfo.InvariantCulture) };
        if (Continue is not null)
        {
            metadata["continue"] = Continue;
        }

        if (Remaining is not null)
        {
            metadata["remainingItemCount"] = Remaining;
        }

        return metadata;
    }

    private static Listing NextPage(ObjectStore store, ResourceDefinition resource, string? ns, ListRequest request)
    {
        var token = ContinueToken.Decode(request.Continue, ns);
        var snapshot =
            store.ListAt(resource, ns, token.Version)
            ?? throw Refusals.Expired(
                "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list."
            );
        var rest = snapshot
            .Objects.SkipWhile(stored => string.CompareOrdinal(KeyOf(stored), token.Start) <= 0)
            .ToList();
        return Page(rest, token.Version, ns, request);
    }

    private static Snapshot SnapshotAt(
        ObjectStore store,
        ResourceDefinition resource,
        string? ns,
        IQueryCollection query
    )
    {
        var asked = query["resourceVersion"].ToString();
        if (asked is "" or "0")
        {
            return store.List(resource, ns);
        }

        if (!long.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out var version))
        {
            throw Refusals.BadRequest(
                $"resourceVersion: Invalid value: \"{asked}\": strconv.ParseUint: parsing \"{asked}\": invalid syntax"
            );
        }

        if (version > store.Version)
        {
            throw Refusals.TooLargeVersion(version, store.Version);
        }

        if (query["resourceVersionMatch"] != "Exact")
        {
            return store.List(resource, ns);
        }

        return store.ListAt(resource, ns, version)
            ?? throw Refusals.Expired("The resourceVersion for the provided list is too old.");
    }

    private static Listing Page(IReadOnlyList<StoredObject> objects, long version, string? ns, ListRequest request)
    {
        var selected = objects.Where(request.Selects).ToList();
        if (request.Limit is not { } limit || selected.Count <= limit)
        {
            return new Listing(selected, version, null, null);
        }

        var page = selected.Take(limit).ToList();
        var token = new ContinueToken(version, KeyOf(page[^1])).Encode(ns);
        return new Listing(page, version, token, request.SelectsEverything ? selected.Count - limit : null);
    }

    private static string KeyOf(StoredObject stored) =>
        stored.Namespace.Length == 0 ? stored.Name : $"{stored.Namespace}/{stored.Name}";
}
