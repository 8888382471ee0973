using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using VClusterManager.Server.Configuration.Keys;
using VClusterManager.Server.VCluster;

namespace VClusterManager.Server.Configuration.Sections;

/// <summary>What virtual clusters are like, and the tools that make them.</summary>
internal static class VClusterSection
{
    public static readonly KeySection Section = new(
        "vcluster",
        "What virtual clusters are like, and the tools that make them."
    );

    public static readonly KeySection TimeoutsSection = new(
        "vcluster.timeouts",
        "How long each step may take before it is called stalled."
    );

    private static readonly Key<string> Executable = Section.Add(Tool("executable", "The `vcluster` executable."));

    private static readonly Key<string> Helm = Section.Add(
        Tool("helm", "The `helm` executable, which `vcluster` needs.")
    );

    private static readonly Key<string> Kubectl = Section.Add(Tool("kubectl", "The `kubectl` executable."));

    private static readonly Key<IReadOnlyDictionary<string, string>> Versions = Section.Add(
        new Key<IReadOnlyDictionary<string, string>>(
            new MapType<string>(
                "a map from Kubernetes versions to image tags",
                "a minor version such as 1.35",
                new Regex("^1\\.[0-9]{1,3}$", RegexOptions.NonBacktracking),
                Types.Text("an image tag such as v1.35.0", "^v1\\.[0-9]{1,3}\\.[0-9]{1,3}([-.][0-9A-Za-z.-]+)?$", 128)
            )
        )
        {
            Name = "versions",
            Default = string.Join('\n', KubernetesVersions.Defaults.Select(v => $"\"{v.Key}\": {v.Value}")),
            Doc =
                "The Kubernetes versions on offer and the image tag of each. Entries are merged over the default ones; "
                + "null takes one off the list. Keep it in step with what your `vcluster` supports.",
        }
    );

    private static readonly Key<string> DefaultVersion = Section.Add(
        new Key<string>(Types.Version("a Kubernetes version such as 1.35", "^v?1\\.[0-9]{1,3}(\\.[0-9]{1,3})?$", 16))
        {
            Name = "default_k8s_version",
            DefaultWords = "the newest in `versions`",
            ShortVariable = "DEFAULT_K8S_VERSION",
            Doc = "The Kubernetes version of a cluster that asks for none. It must be on offer.",
        }
    );

    private static readonly Key<int> DefaultTtlHours = Section.Add(
        new Key<int>(Types.Integer(1, 720))
        {
            Name = "default_ttl_hours",
            Default = "24",
            ShortVariable = "DEFAULT_TTL_HOURS",
            Doc = "How many hours a cluster lives that asks for no TTL.",
        }
    );

    private static readonly LifetimeKeys Lifetime = new(Section);

    private static readonly Key<string> NamespacePrefix = Section.Add(
        new Key<string>(
            Types.Text(
                "lower-case letters, digits and '-', not beginning with '-', at most 30",
                "^([a-z0-9][-a-z0-9]*)?$",
                maxLength: 30
            )
        )
        {
            Name = "namespace_prefix",
            Default = "\"\"",
            ShortVariable = "NAMESPACE_PREFIX",
            Doc = "Put in front of every namespace that does not begin with it already.",
        }
    );

    private static readonly Key<IReadOnlyList<string>> ReservedNamespaces = Section.Add(
        new Key<IReadOnlyList<string>>(
            new ListType<string>(
                "a list of namespaces",
                Types.Text("the name of a namespace, or its beginning followed by *", "^[-a-z0-9]+\\*?$", maxLength: 63)
            )
        )
        {
            Name = "reserved_namespaces",
            Default = "[]",
            Doc =
                "Namespaces that no cluster may be put into; `prod-*` means all that begin with `prod-`. `kube-*`, `default` and the "
                + "manager's own namespace are always reserved.",
        }
    );

    private static readonly Key<IReadOnlyList<string>> DeniedValues = Section.Add(
        new Key<IReadOnlyList<string>>(
            new ListType<string>(
                "a list of paths",
                Types.Text(
                    "a path such as controlPlane.advanced",
                    "^[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*$",
                    maxLength: 200
                )
            )
        )
        {
            Name = "denied_values",
            Default = """
            - experimental
            - rbac
            - plugins
            - integrations
            - external
            - platform
            - controlPlane.advanced
            - controlPlane.statefulSet
            - controlPlane.hostPathMapper
            - exportKubeConfig.additionalSecrets
            - exportKubeConfig.secret
            - networking.replicateServices.fromHost
            - policies
            - sync.fromHost
            - sync.toHost.customResources
            - sync.toHost.namespaces
            - sync.toHost.persistentVolumes
            - sync.toHost.priorityClasses
            - sync.toHost.storageClasses
            - sync.toHost.volumeSnapshotContents
            """,
            Doc =
                "Paths in a cluster's `values` that only admins may set, since values can reach the host. A path covers "
                + "everything below it, but for `resources` and `persistence` of the workload. Images, host paths and "
                + "privileged containers are always denied. The list replaces the default one.",
        }
    );

    private static readonly Key<JsonObject> Values = Section.Add(
        new Key<JsonObject>(new FreeMapType("a map, as in vcluster.yaml"))
        {
            Name = "values",
            Default = """
            policies:
              resourceQuota:
                enabled: true
              limitRange:
                enabled: true
              podSecurityStandard: baseline
            """,
            Doc =
                "What every cluster's own `values` are laid over, in the words of vcluster.yaml. Entries are merged over "
                + "the default ones; null takes one away.",
        }
    );

    private static readonly Key<int> MaxParallel = Section.Add(
        new Key<int>(Types.Integer(1, 64))
        {
            Name = "max_parallel",
            Default = "4",
            Doc = "How many runs of the CLI may go on at once in one server. Each takes about a CPU and 75 MiB.",
        }
    );

    private static readonly Key<int> MaxClusters = Section.Add(
        new Key<int>(Types.Integer(1, 100_000))
        {
            Name = "max_clusters",
            DefaultWords = "no limit",
            Doc = "How many clusters there may be; more are refused.",
        }
    );

    private static readonly Key<TimeSpan> CommandTimeout = TimeoutsSection.Add(
        Timeout("command", "5m", "One run of `vcluster` or `helm`.")
    );

    private static readonly Key<TimeSpan> ReadyTimeout = TimeoutsSection.Add(
        Timeout("ready", "10m", "From installed, woken or upgraded to ready.")
    );

    private static readonly Key<TimeSpan> ProblemTimeout = TimeoutsSection.Add(
        Timeout(
            "problem",
            "2m",
            "How long a problem that seldom goes away by itself (image, volume, quota, crash) is looked at."
        )
    );

    private static readonly Key<TimeSpan> GoneTimeout = TimeoutsSection.Add(
        Timeout("gone", "10m", "From uninstalled until all traces are gone.")
    );

    public static VClusterOptions Read(ConfigurationValues values)
    {
        var versions = values.Get(Versions);
        return new()
        {
            Executable = values.Find(Executable),
            Helm = values.Find(Helm),
            Kubectl = values.Find(Kubectl),
            Versions = versions,
            DefaultKubernetesVersion = ReadDefaultVersion(values, versions),
            DefaultTtlHours = values.Get(DefaultTtlHours),
            NamespacePrefix = values.Get(NamespacePrefix),
            ReservedNamespaces = ["kube-*", "default", .. OwnNamespace(values), .. values.Get(ReservedNamespaces)],
            DeniedValues = values.Get(DeniedValues),
            Values = values.Get(Values),
            MaxParallel = values.Get(MaxParallel),
            MaxClusters = values.FindValue(MaxClusters),
            Expiry = Lifetime.ReadExpiry(values),
            SleepAfter = Lifetime.ReadSleepAfter(values),
            SleepSchedule = LifetimeKeys.ReadSchedule(values),
            Timeouts = new()
            {
                Command = values.Get(CommandTimeout),
                Ready = values.Get(ReadyTimeout),
                Problem = values.Get(ProblemTimeout),
                Gone = values.Get(GoneTimeout),
            },
        };
    }

    /// <summary>Told by the downward API, or by the files that every pod has.</summary>
    private static IEnumerable<string> OwnNamespace(ConfigurationValues values) =>
        new[]
        {
            values.Sources.Variable("POD_NAMESPACE"),
            values.ReadFile("/var/run/secrets/kubernetes.io/serviceaccount/namespace")?.Trim(),
        }
            .OfType<string>()
            .Where(n => n.Length > 0)
            .Distinct();

    /// <summary>As it is in the table: 1.35. A patch version must be the one that is on offer.</summary>
    private static string ReadDefaultVersion(ConfigurationValues values, IReadOnlyDictionary<string, string> versions)
    {
        var newestFirst = versions.Keys.OrderByDescending(v => int.Parse(v.AsSpan(2))).ToArray();
        if (newestFirst.Length == 0)
        {
            values.Fail(Versions, "offers no version at all");
            return "";
        }

        if (values.Find(DefaultVersion) is not { } asked || !values.AreValid(Versions, DefaultVersion))
        {
            return newestFirst[0];
        }

        var plain = asked.TrimStart('v');
        var found = newestFirst.FirstOrDefault(v => v == plain || versions[v] == "v" + plain);
        if (found is null)
        {
            values.Fail(DefaultVersion, $"is not on offer: {asked}. On offer are {string.Join(", ", newestFirst)}");
        }

        return found ?? newestFirst[0];
    }

    private static Key<string> Tool(string name, string doc) =>
        new(Types.Executable)
        {
            Name = name,
            DefaultWords = "found on `PATH`",
            Doc = doc,
        };

    private static Key<TimeSpan> Timeout(string name, string value, string doc) =>
        new(Types.Duration(TimeSpan.FromSeconds(1), TimeSpan.FromHours(6)))
        {
            Name = name,
            Default = value,
            Doc = doc,
        };
}
