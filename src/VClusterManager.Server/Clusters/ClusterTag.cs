using VClusterManager.Server.Storage;

namespace VClusterManager.Server.Clusters;

/// <summary>A cluster's ETag: of what callers can change, and of nothing else.</summary>
internal static class ClusterTag
{
    public static string Of(ClusterRow row) => $"\"{row.Id:n}-{row.Revision}\"";

    /// <summary>An <c>If-Match</c> header holds for this row: <c>*</c>, or a list with its tag in it.</summary>
    public static bool Matches(string ifMatch, ClusterRow row) =>
        ifMatch.Trim() == "*"
        || ifMatch.Split(',', StringSplitOptions.TrimEntries).Contains(Of(row), StringComparer.Ordinal);
}
