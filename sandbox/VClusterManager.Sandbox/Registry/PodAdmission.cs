using System.Security.Cryptography;
using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Json;

namespace VClusterManager.Sandbox.Registry;

/// <summary>What the server adds to a pod when it lets it in: its account, the account's token, tolerations, priority.</summary>
internal static class PodAdmission
{
    private const string TokenMount = "/var/run/secrets/kubernetes.io/serviceaccount";
    private const int TokenSeconds = 3607;
    private const int ReadableByOwnerWriter = 420;

    public static void Admit(JsonObject pod)
    {
        var spec = pod.Ensure("spec");
        if (string.IsNullOrEmpty(spec.Text("serviceAccountName")))
        {
            spec["serviceAccountName"] = "default";
        }

        spec["serviceAccount"] = spec.Text("serviceAccountName");
        MountToken(spec);
        Tolerate(spec, "node.kubernetes.io/not-ready");
        Tolerate(spec, "node.kubernetes.io/unreachable");
        spec.Default("priority", 0);
        spec.Default("preemptionPolicy", "PreemptLowerPriority");
        pod["status"] = new JsonObject { ["phase"] = "Pending", ["qosClass"] = QualityOf(spec) };
    }

    private static void MountToken(JsonObject spec)
    {
        if (spec.At("automountServiceAccountToken") is not null && !spec.Flag("automountServiceAccountToken"))
        {
            return;
        }

        var containers = spec.Objects("initContainers").Concat(spec.Objects("containers")).ToList();
        var without = containers
            .Where(container => container.Objects("volumeMounts").All(mount => mount.Text("mountPath") != TokenMount))
            .ToList();
        if (without.Count == 0)
        {
            return;
        }

        var name = "kube-api-access-" + RandomNumberGenerator.GetString("bcdfghjklmnpqrstvwxz2456789", 5);
        Append(spec, "volumes", TokenVolume(name));
        foreach (var container in without)
        {
            Append(
                container,
                "volumeMounts",
                new JsonObject
                {
                    ["name"] = name,
                    ["readOnly"] = true,
                    ["mountPath"] = TokenMount,
                }
            );
        }
    }

    private static JsonObject TokenVolume(string name)
    {
        var token = new JsonObject { ["expirationSeconds"] = TokenSeconds, ["path"] = "token" };
        var authority = new JsonObject
        {
            ["name"] = "kube-root-ca.crt",
            ["items"] = new JsonArray(new JsonObject { ["key"] = "ca.crt", ["path"] = "ca.crt" }),
        };
        var ns = new JsonObject
        {
            ["path"] = "namespace",
            ["fieldRef"] = new JsonObject { ["apiVersion"] = "v1", ["fieldPath"] = "metadata.namespace" },
        };
        var sources = new JsonArray(
            new JsonObject { ["serviceAccountToken"] = token },
            new JsonObject { ["configMap"] = authority },
            new JsonObject { ["downwardAPI"] = new JsonObject { ["items"] = new JsonArray(ns) } }
        );
        return new JsonObject
        {
            ["name"] = name,
            ["projected"] = new JsonObject { ["sources"] = sources, ["defaultMode"] = ReadableByOwnerWriter },
        };
    }

    private static void Tolerate(JsonObject spec, string key)
    {
        if (spec.Objects("tolerations").All(toleration => toleration.Text("key") != key))
        {
            Append(
                spec,
                "tolerations",
                new JsonObject
                {
                    ["key"] = key,
                    ["operator"] = "Exists",
                    ["effect"] = "NoExecute",
                    ["tolerationSeconds"] = 300,
                }
            );
        }
    }

    private static string QualityOf(JsonObject spec)
    {
        var resources = spec.Objects("initContainers")
            .Concat(spec.Objects("containers"))
            .Select(container => container.Object("resources"))
            .ToList();
        if (
            resources.All(wants =>
                wants.Object("requests") is null or { Count: 0 } && wants.Object("limits") is null or { Count: 0 }
            )
        )
        {
            return "BestEffort";
        }

        return resources.All(wants => Guaranteed(wants, "cpu") && Guaranteed(wants, "memory"))
            ? "Guaranteed"
            : "Burstable";
    }

    private static bool Guaranteed(JsonObject? wants, string resource) =>
        wants.Text("limits", resource) is { } limit && limit == (wants.Text("requests", resource) ?? limit);

    private static void Append(JsonObject parent, string list, JsonObject item)
    {
        if (parent[list] is not JsonArray items)
        {
            parent[list] = items = [];
        }

        items.Add(item);
    }
}
