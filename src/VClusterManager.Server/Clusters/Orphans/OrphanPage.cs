using VClusterManager.Contracts;
using VClusterManager.Server.Http;
using VClusterManager.Server.Http.Requests;

namespace VClusterManager.Server.Clusters.Orphans;

/// <summary>A page of orphans. Pure.</summary>
internal static class OrphanPage
{
    public static Outcome<OrphanList> Of(IReadOnlyCollection<FoundOrphan> found, PageRequest page)
    {
        if (page.After is { Count: not 4 })
        {
            return PageRequest.BadCursor;
        }
        var comparer = Comparer<string[]>.Create(Compare);
        var ordered = found
            .Select(orphan => (Place: PlaceOf(orphan), Orphan: orphan))
            .OrderBy(entry => entry.Place, comparer);
        var rest = page.After is { } after
            ? ordered.Where(entry => Compare(entry.Place, [.. after]) > 0)
            : ordered.AsEnumerable();
        var shown = rest.Take(page.Limit + 1).ToList();
        var next = shown.Count > page.Limit ? Cursor.Encode(shown[page.Limit - 1].Place) : null;
        return new OrphanList([.. shown.Take(page.Limit).Select(entry => entry.Orphan.Show())], next, found.Count);
    }

    /// <summary>By namespace, and in it in the order in which things are best taken away.</summary>
    private static string[] PlaceOf(FoundOrphan orphan)
    {
        var shown = orphan.Show();
        return [shown.Namespace, ((int)shown.Kind).ToString("d2"), shown.Name, shown.Id];
    }

    private static int Compare(string[] one, string[] other) =>
        one.Zip(other, string.CompareOrdinal).FirstOrDefault(order => order != 0);
}
