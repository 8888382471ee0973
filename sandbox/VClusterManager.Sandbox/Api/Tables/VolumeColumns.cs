using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Json;

namespace VClusterManager.Sandbox.Api.Tables;

/// <summary>Columns of what belongs to storage.</summary>
internal static class VolumeColumns
{
    public static TableColumn[] Claims(TableColumn name, TableColumn age) =>
        [
            name,
            new(
                "Status",
                (json, _) =>
                    json.At("metadata", "deletionTimestamp") is null ? json.Text("status", "phase") : "Terminating"
            ),
            TableColumns.Column("Volume", "spec", "volumeName"),
            TableColumns.Column("Capacity", "status", "capacity", "storage"),
            new("Access Modes", (json, _) => Modes(json.Texts("status", "accessModes"))),
            TableColumns.Column("StorageClass", "spec", "storageClassName"),
            new("VolumeAttributesClass", (json, _) => json.Text("spec", "volumeAttributesClassName") ?? "<unset>"),
            age,
            TableColumns.Column("VolumeMode", "spec", "volumeMode") with
            {
                Wide = true,
            },
        ];

    public static TableColumn[] Volumes(TableColumn name, TableColumn age) =>
        [
            name,
            TableColumns.Column("Capacity", "spec", "capacity", "storage"),
            new("Access Modes", (json, _) => Modes(json.Texts("spec", "accessModes"))),
            TableColumns.Column("Reclaim Policy", "spec", "persistentVolumeReclaimPolicy"),
            new(
                "Status",
                (json, _) =>
                    json.At("metadata", "deletionTimestamp") is null ? json.Text("status", "phase") : "Terminating"
            ),
            new(
                "Claim",
                (json, _) =>
                    json.Object("spec", "claimRef") is { } claim
                        ? $"{claim.Text("namespace")}/{claim.Text("name")}"
                        : ""
            ),
            TableColumns.Column("StorageClass", "spec", "storageClassName"),
            new("VolumeAttributesClass", (json, _) => json.Text("spec", "volumeAttributesClassName") ?? "<unset>"),
            TableColumns.Column("Reason", "status", "reason"),
            age,
            TableColumns.Column("VolumeMode", "spec", "volumeMode") with
            {
                Wide = true,
            },
        ];

    public static TableColumn[] Classes(TableColumn age) =>
        [
            new("Name", (json, _) => json.Text("metadata", "name") + (IsDefault(json) ? " (default)" : ""))
            {
                Format = "name",
            },
            TableColumns.Column("Provisioner", "provisioner"),
            TableColumns.Column("ReclaimPolicy", "reclaimPolicy"),
            TableColumns.Column("VolumeBindingMode", "volumeBindingMode"),
            new("AllowVolumeExpansion", (json, _) => json.Flag("allowVolumeExpansion")) { Type = "boolean" },
            age,
        ];

    private static bool IsDefault(JsonObject json) =>
        json.Text("metadata", "annotations", "storageclass.kubernetes.io/is-default-class") == "true";

    private static string Modes(IEnumerable<string> modes) =>
        string.Join(
            ',',
            modes.Select(mode =>
                mode switch
                {
                    "ReadWriteOnce" => "RWO",
                    "ReadOnlyMany" => "ROX",
                    "ReadWriteMany" => "RWX",
                    "ReadWriteOncePod" => "RWOP",
                    _ => mode,
                }
            )
        );
}
