namespace VCluster.StandIn.Helm;

/// <summary>Helm's rule for names of releases: DNS labels with dots between, at most 53 characters.</summary>
internal static class ReleaseName
{
    /// <exception cref="HelmException">The name breaks it.</exception>
    public static void Check(string name)
    {
        if (name.Length is 0 or > 53 || !name.Split('.').All(IsLabel))
        {
            throw new HelmException("release name is invalid: " + name);
        }
    }

    private static bool IsLabel(string label) =>
        label.Length > 0
        && label[0] != '-'
        && label[^1] != '-'
        && label.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');
}
