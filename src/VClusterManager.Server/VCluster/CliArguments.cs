using VClusterManager.Server.Kubernetes;

namespace VClusterManager.Server.VCluster;

/// <summary>The argument lists of every call, and why each flag is there. Pure.</summary>
internal static class CliArguments
{
    /// <remarks>
    /// Without <c>--namespace</c> the CLI lists every cluster first. <c>--connect</c> would switch the kubeconfig or
    /// forward a port, <c>--add</c> would look for the platform. The namespace is there before, with our labels: with
    /// <c>--create-namespace=false</c> helm does not try to make it again, which needs a right of its own.
    /// </remarks>
    public static IReadOnlyList<string> Create(
        NamespacedName cluster,
        string valuesFile,
        bool upgrade,
        string? context
    ) =>
        [
            "create",
            Name(cluster),
            .. Place(cluster, context),
            "--connect=false",
            "--add=false",
            "--create-namespace=false",
            .. upgrade ? (string[])["--upgrade"] : [],
            "--values",
            valuesFile,
        ];

    /// <remarks>
    /// The wait of the CLI has no end and takes any read error for "gone": we look ourselves. The namespace is ours to
    /// keep or delete. <c>--delete-context</c> would write into the operator's kubeconfig.
    /// </remarks>
    public static IReadOnlyList<string> Delete(NamespacedName cluster, bool keepVolumes, string? context) =>
        [
            "delete",
            Name(cluster),
            .. Place(cluster, context),
            "--wait=false",
            "--auto-delete-namespace=false",
            "--delete-context=false",
            .. keepVolumes ? (string[])["--keep-pvc"] : [],
        ];

    public static IReadOnlyList<string> Pause(NamespacedName cluster, string? context) =>
        ["pause", Name(cluster), .. Place(cluster, context)];

    public static IReadOnlyList<string> Resume(NamespacedName cluster, string? context) =>
        ["resume", Name(cluster), .. Place(cluster, context)];

    public static IReadOnlyList<string> HelmUninstall(NamespacedName cluster, string? context) =>
        ["uninstall", Name(cluster), .. HelmPlace(cluster, context)];

    public static IReadOnlyList<string> HelmHistory(NamespacedName cluster, string? context) =>
        ["history", Name(cluster), .. HelmPlace(cluster, context), "--output", "json"];

    public static IReadOnlyList<string> HelmRollback(NamespacedName cluster, int revision, string? context) =>
        ["rollback", Name(cluster), revision.ToString(), .. HelmPlace(cluster, context)];

    private static IEnumerable<string> Place(NamespacedName cluster, string? context) =>
        ["--namespace", cluster.Namespace, .. context is null ? (string[])[] : ["--context", context]];

    private static IEnumerable<string> HelmPlace(NamespacedName cluster, string? context) =>
        ["--namespace", cluster.Namespace, .. context is null ? (string[])[] : ["--kube-context", context]];

    // Names are checked at the edge; a flag in the place of a name must not get through even so.
    private static string Name(NamespacedName cluster) =>
        cluster.Name.Length > 0 && char.IsAsciiLetterOrDigit(cluster.Name[0])
            ? cluster.Name
            : throw new ArgumentException($"\"{cluster.Name}\" is not the name of a virtual cluster.", nameof(cluster));
}
