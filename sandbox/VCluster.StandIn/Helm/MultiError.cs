namespace VCluster.StandIn.Helm;

/// <summary>Several errors in one text, as helm prints them.</summary>
internal static class MultiError
{
    public static string Text(IReadOnlyCollection<string> errors)
    {
        var title = errors.Count == 1 ? "1 error occurred:" : $"{errors.Count} errors occurred:";
        return $"{title}\n{string.Concat(errors.Select(error => $"\t* {error}\n"))}\n";
    }
}
