using VClusterManager.Contracts;
using VClusterManager.Server.Http;
using VClusterManager.Server.Http.Requests;

namespace VClusterManager.Server.Clusters;

/// <summary>A page of clusters. Pure.</summary>
internal static class ClusterPage
{
    public static Outcome<ClusterList> Of(IReadOnlyList<ClusterEntry> entries, ClusterSort sort, PageRequest page)
    {
        if (page.After is { } after && (after.Count != 3 || after[0] != sort.ToString()))
        {
            return PageRequest.BadCursor;
        }
        var comparer = Comparer<(string Key, string Id)>.Create(sort.Compare);
        var ordered = entries
            .Select(e => (Place: (Key: sort.KeyOf(e), e.Id), Entry: e))
            .OrderBy(e => e.Place, comparer);
        var rest = page.After is [_, var key, var id]
            ? ordered.Where(e => sort.Compare(e.Place, (key, id)) > 0)
            : ordered.AsEnumerable();
        var shown = rest.Take(page.Limit + 1).ToList();
        var next =
            shown.Count > page.Limit
                ? Cursor.Encode(sort.ToString(), shown[page.Limit - 1].Place.Key, shown[page.Limit - 1].Place.Id)
                : null;
        return new ClusterList([.. shown.Take(page.Limit).Select(e => e.Entry.Show())], next, entries.Count);
    }
}
