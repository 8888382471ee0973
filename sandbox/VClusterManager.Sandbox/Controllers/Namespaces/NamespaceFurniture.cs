using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Controllers.Loop;
using VClusterManager.Sandbox.Registry;
using VClusterManager.Sandbox.Resources;
using VClusterManager.Sandbox.Store;

namespace VClusterManager.Sandbox.Controllers.Namespaces;

/// <summary>Gives every namespace its default service account and the config map with the cluster's authority.</summary>
internal sealed class NamespaceFurniture(ObjectRegistry registry, string authorityPem) : IController
{
    private const string RootCertificates = "kube-root-ca.crt";
    private const string Description =
        "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.";

    public void Observe(ResourceDefinition resource, Change change, WorkQueue queue)
    {
        if (resource == ResourceCatalog.Namespaces && change.Kind == ChangeKind.Added)
        {
            queue.Add(new WorkItem(this, "", change.Object.Name));
        }
        else if (
            change.Kind == ChangeKind.Deleted
            && (
                (resource == ResourceCatalog.ServiceAccounts && change.Object.Name == "default")
                || (resource == ResourceCatalog.ConfigMaps && change.Object.Name == RootCertificates)
            )
        )
        {
            queue.Add(new WorkItem(this, "", change.Object.Namespace));
        }
    }

    public void Reconcile(string ns, string name, WorkQueue queue)
    {
        if (registry.Store.Find(ResourceCatalog.Namespaces, "", name) is null or { Deleting: true })
        {
            return;
        }

        if (registry.Store.Find(ResourceCatalog.ServiceAccounts, name, "default") is null)
        {
            var account = new JsonObject { ["metadata"] = new JsonObject { ["name"] = "default" } };
            registry.Create(ResourceCatalog.ServiceAccounts, name, account, WriteOptions.ControllerManager);
        }

        if (registry.Store.Find(ResourceCatalog.ConfigMaps, name, RootCertificates) is null)
        {
            registry.Create(ResourceCatalog.ConfigMaps, name, RootCertificate(), WriteOptions.ControllerManager);
        }
    }

    private JsonObject RootCertificate() =>
        new()
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = RootCertificates,
                ["annotations"] = new JsonObject { ["kubernetes.io/description"] = Description },
            },
            ["data"] = new JsonObject { ["ca.crt"] = authorityPem + "\n" },
        };
}
