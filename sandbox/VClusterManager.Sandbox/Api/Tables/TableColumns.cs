using System.Globalization;
using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Json;

namespace VClusterManager.Sandbox.Api.Tables;

/// <summary>The columns that kubectl shows for each kind.</summary>
internal static class TableColumns
{
    private const string NameDescription =
        "Name must be unique within a namespace. Is required when creating resources, although some resources may allow a client to request the generation of an appropriate name automatically. Name is primarily intended for creation idempotence and configuration definition. Cannot be updated. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names";

    private const string AgeDescription =
        "CreationTimestamp is a timestamp representing the server time when this object was created. It is not guaranteed to be set in happens-before order across separate operations. Clients may not set this value. It is represented in RFC3339 form and is in UTC.\n\nPopulated by the system. Read-only. Null for lists. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata";

    private const string DataDescription =
        "Data contains the configuration data. Each key must consist of alphanumeric characters, '-', '_' or '.'. Values with non-UTF-8 byte sequences must use the BinaryData field. The keys stored in Data must not overlap with the keys in the BinaryData field, this is enforced during validation process.";

    private static readonly TableColumn Name = new("Name", (json, _) => json.Text("metadata", "name"))
    {
        Format = "name",
        Description = NameDescription,
    };

    private static readonly TableColumn Age = new(
        "Age",
        (json, now) => Ages.Since(json.Text("metadata", "creationTimestamp"), now)
    )
    {
        Description = AgeDescription,
    };

    private static readonly TableColumn CreatedAt = new(
        "Created At",
        (json, _) => json.Text("metadata", "creationTimestamp")
    )
    {
        Type = "date",
        Description = AgeDescription,
    };

    private static readonly Dictionary<string, TableColumn[]> ByResource = new(StringComparer.Ordinal)
    {
        ["namespaces"] = [Name, Column("Status", "status", "phase"), Age],
        ["configmaps"] = [Name, new("Data", (json, _) => DataCount(json)) { Description = DataDescription }, Age],
        ["secrets"] = [Name, Column("Type", "type"), new("Data", (json, _) => DataCount(json)), Age],
        ["serviceaccounts"] = [Name, new("Secrets", (json, _) => json.Array("secrets")?.Count ?? 0), Age],
        ["pods"] = Pods(),
        ["services"] = NetworkColumns.Services(Name, Age),
        ["endpoints"] = [Name, new("Endpoints", (json, _) => NetworkColumns.Addresses(json)), Age],
        ["endpointslices"] = NetworkColumns.Slices(Name, Age),
        ["ingresses"] = NetworkColumns.Ingresses(Name, Age),
        ["networkpolicies"] =
        [
            Name,
            new("Pod-Selector", (json, _) => Selector(json.Object("spec", "podSelector"))),
            Age,
        ],
        ["nodes"] = Nodes(),
        ["events"] = Events(),
        ["persistentvolumeclaims"] = VolumeColumns.Claims(Name, Age),
        ["persistentvolumes"] = VolumeColumns.Volumes(Name, Age),
        ["storageclasses"] = VolumeColumns.Classes(Age),
        ["statefulsets"] = WorkloadColumns.StatefulSets(Name, Age),
        ["deployments"] = WorkloadColumns.Deployments(Name, Age),
        ["replicasets"] = WorkloadColumns.ReplicaSets(Name, Age),
        ["daemonsets"] = WorkloadColumns.DaemonSets(Name, Age),
        ["controllerrevisions"] = WorkloadColumns.Revisions(Name, Age),
        ["jobs"] = WorkloadColumns.Jobs(Name, Age),
        ["cronjobs"] = WorkloadColumns.CronJobs(Name, Age),
        ["roles"] = [Name, CreatedAt],
        ["clusterroles"] = [Name, CreatedAt],
        ["rolebindings"] = Bindings(),
        ["clusterrolebindings"] = Bindings(),
        ["customresourcedefinitions"] = [Name, CreatedAt],
        ["limitranges"] = [Name, CreatedAt],
        ["leases"] = [Name, Column("Holder", "spec", "holderIdentity"), Age],
        ["poddisruptionbudgets"] = WorkloadColumns.DisruptionBudgets(Name, Age),
        ["resourcequotas"] = QuotaColumns.Columns(Name, Age),
    };

    public static IReadOnlyList<TableColumn> Of(string plural) => ByResource.GetValueOrDefault(plural) ?? [Name, Age];

    public static TableColumn Column(string name, params string[] path) =>
        new(name, (json, _) => json.Text(path) ?? "");

    public static string Selector(JsonObject? selector)
    {
        var labels = selector.Object("matchLabels") ?? selector;
        var terms = (labels ?? [])
            .Where(label => label.Value is JsonValue)
            .Select(label => $"{label.Key}={label.Value.Text()}")
            .ToList();
        return terms.Count == 0 ? "<none>" : string.Join(',', terms);
    }

    private static int DataCount(JsonObject json) =>
        (json.Object("data")?.Count ?? 0) + (json.Object("binaryData")?.Count ?? 0);

    private static TableColumn[] Pods() =>
        [
            Name,
            new("Ready", (json, _) => PodCells.Ready(json))
            {
                Description = "The aggregate readiness state of this pod for accepting traffic.",
            },
            new("Status", (json, _) => PodCells.Status(json))
            {
                Description = "The aggregate status of the containers in this pod.",
            },
            new("Restarts", (json, _) => PodCells.Restarts(json).ToString(CultureInfo.InvariantCulture))
            {
                Description =
                    "The number of times the containers in this pod have been restarted and when the last container in this pod has restarted.",
            },
            Age,
            OrNone("IP", "status", "podIP"),
            OrNone("Node", "spec", "nodeName"),
            OrNone("Nominated Node", "status", "nominatedNodeName"),
            new("Readiness Gates", (_, _) => "<none>") { Wide = true },
        ];

    private static TableColumn OrNone(string name, params string[] path) =>
        new(name, (json, _) => json.Text(path) is { Length: > 0 } text ? text : "<none>") { Wide = true };

    private static TableColumn[] Nodes() =>
        [
            Name,
            new("Status", (json, _) => NodeStatus(json)),
            new("Roles", (_, _) => "<none>"),
            Age,
            Column("Version", "status", "nodeInfo", "kubeletVersion"),
            new("Internal-IP", (json, _) => NodeAddress(json)) { Wide = true },
            new("External-IP", (_, _) => "<none>") { Wide = true },
            Column("OS-Image", "status", "nodeInfo", "osImage") with
            {
                Wide = true,
            },
            Column("Kernel-Version", "status", "nodeInfo", "kernelVersion") with
            {
                Wide = true,
            },
            Column("Container-Runtime", "status", "nodeInfo", "containerRuntimeVersion") with
            {
                Wide = true,
            },
        ];

    private static string NodeStatus(JsonObject json) =>
        json.Objects("status", "conditions")
            .Any(condition => condition.Text("type") == "Ready" && condition.Text("status") == "True")
            ? "Ready"
            : "NotReady";

    private static string NodeAddress(JsonObject json) =>
        json.Objects("status", "addresses")
            .FirstOrDefault(address => address.Text("type") == "InternalIP")
            .Text("address")
        ?? "<none>";

    private static TableColumn[] Events() =>
        [
            new(
                "Last Seen",
                (json, now) =>
                    Ages.Since(
                        json.Text("lastTimestamp")
                            ?? json.Text("eventTime")
                            ?? json.Text("metadata", "creationTimestamp"),
                        now
                    )
            ),
            Column("Type", "type"),
            Column("Reason", "reason"),
            new(
                "Object",
                (json, _) =>
                    $"{json.Text("involvedObject", "kind")?.ToLowerInvariant()}/{json.Text("involvedObject", "name")}"
            ),
            Column("Subobject", "involvedObject", "fieldPath") with
            {
                Wide = true,
            },
            new("Source", (json, _) => json.Text("source", "component") ?? json.Text("reportingComponent") ?? "")
            {
                Wide = true,
            },
            new("Message", (json, _) => json.Text("message")?.Trim() ?? ""),
            new("First Seen", (json, now) => Ages.Since(json.Text("firstTimestamp") ?? json.Text("eventTime"), now))
            {
                Wide = true,
            },
            new("Count", (json, _) => json.Number("count") ?? 1) { Wide = true },
            Name with
            {
                Wide = true,
            },
        ];

    private static TableColumn[] Bindings() =>
        [
            Name,
            new("Role", (json, _) => $"{json.Text("roleRef", "kind")}/{json.Text("roleRef", "name")}"),
            Age,
            Subjects("Users", "User"),
            Subjects("Groups", "Group"),
            new(
                "ServiceAccounts",
                (json, _) =>
                    string.Join(
                        ", ",
                        json.Objects("subjects")
                            .Where(subject => subject.Text("kind") == "ServiceAccount")
                            .Select(subject => $"{subject.Text("namespace")}/{subject.Text("name")}")
                    )
            )
            {
                Wide = true,
            },
        ];

    private static TableColumn Subjects(string name, string kind) =>
        new(
            name,
            (json, _) =>
                string.Join(
                    ", ",
                    json.Objects("subjects")
                        .Where(subject => subject.Text("kind") == kind)
                        .Select(subject => subject.Text("name"))
                )
        )
        {
            Wide = true,
        };
}
