using VClusterManager.Server.Configuration.Keys;
using VClusterManager.Server.Configuration.Raw;

namespace VClusterManager.Server.Configuration.Sections;

/// <summary>The host cluster.</summary>
internal static class KubernetesSection
{
    public static readonly KeySection Section = new("kubernetes", "The host cluster that virtual clusters live in.");

    private static readonly Key<string> Kubeconfig = Section.Add(
        new Key<string>(
            new ScalarType<string>(
                "a path, or several with : between them",
                ScalarKinds.Text,
                new() { ["minLength"] = 1 },
                s => Parsed.When(!string.IsNullOrWhiteSpace(s.Text), EachPath(s))
            )
        )
        {
            Name = "kubeconfig",
            DefaultWords = "in-cluster where there is one, else `~/.kube/config`",
            ShortVariable = "KUBECONFIG",
            Doc = "The kubeconfig of the host cluster.",
        }
    );

    private static readonly Key<string> Context = Section.Add(
        new Key<string>(Types.Text("the name of a context", "^\\S+$", maxLength: 253))
        {
            Name = "context",
            DefaultWords = "the kubeconfig's current one",
            Doc = "The context in the kubeconfig.",
        }
    );

    private static readonly Key<string> LeaseNamespace = Section.Add(
        new Key<string>(Types.Text("the name of a namespace", "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", maxLength: 63))
        {
            Name = "lease_namespace",
            Default = "default",
            Doc =
                "The namespace of the Lease `vcluster-manager-INSTANCE`, which says which database looks after this instance "
                + "on the host: a server with another one changes nothing. All managers of a host must name the same, "
                + "wherever they run, or they do not see each other; it must exist, and the manager needs the rights get, "
                + "create and update on leases in it.",
        }
    );

    private static readonly Key<TimeSpan> LeaseDuration = Section.Add(
        new Key<TimeSpan>(Types.Duration(TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(10)))
        {
            Name = "lease_duration",
            Default = "60s",
            Doc =
                "How long that Lease holds without being renewed: after this time the servers of another database may take "
                + "over. Less than 20s leaves too little time to end a tool that does not want to end.",
        }
    );

    public static KubernetesOptions Read(ConfigurationValues values) =>
        new()
        {
            Kubeconfig = values.Find(Kubeconfig),
            Context = values.Find(Context),
            LeaseNamespace = values.Get(LeaseNamespace),
            LeaseDuration = values.Get(LeaseDuration),
        };

    private static string EachPath(ScalarText written) =>
        string.Join(
            Path.PathSeparator,
            written
                .Text.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(p => written.At.ResolvePath(p, written.Origin))
        );
}
