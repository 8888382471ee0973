namespace VClusterManager.Sandbox.Controllers.Pods;

/// <summary>Which images there are: all, except control planes of versions that were never released.</summary>
internal static class Images
{
    public const string ControlPlane = "ghcr.io/loft-sh/kubernetes";

    private const int OldestMinor = 28;
    private const int NewestMinor = 36;
    private const int NewestPatch = 20;

    public static bool Exists(string image) =>
        !image.StartsWith(ControlPlane + ":", StringComparison.Ordinal) || VersionOf(image) is not null;

    /// <summary>The Kubernetes version that a control plane's image holds; null when there is no such image.</summary>
    public static ClusterVersion? VersionOf(string image)
    {
        var tag = image[(image.LastIndexOf(':') + 1)..];
        return
            tag.StartsWith('v')
            && ClusterVersion.TryParse(tag)
                is { Major: 1, Minor: >= OldestMinor and <= NewestMinor, Patch: <= NewestPatch } version
            ? version
            : null;
    }

    public static string PullError(string image) =>
        $"failed to pull and unpack image \"{image}\": failed to resolve reference \"{image}\": {image}: not found";
}
