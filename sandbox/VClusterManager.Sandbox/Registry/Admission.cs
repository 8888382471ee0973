using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Api;
using VClusterManager.Sandbox.Faults;
using VClusterManager.Sandbox.Json;
using VClusterManager.Sandbox.Quotas;
using VClusterManager.Sandbox.Resources;
using VClusterManager.Sandbox.Store;

namespace VClusterManager.Sandbox.Registry;

/// <summary>The last look at a new object: its service account, the quotas, and the fault that plays a used-up one.</summary>
internal sealed class Admission(ObjectStore store, FaultBoard faults)
{
    private readonly QuotaAdmission _quotas = new(store);

    public void Admit(ResourceDefinition resource, string ns, JsonObject json)
    {
        var name = json.Text("metadata", "name") ?? "";
        if (resource == ResourceCatalog.Pods)
        {
            RequireAccount(ns, json, name);
        }

        if ((resource == ResourceCatalog.Pods || resource == ResourceCatalog.Claims) && IsQuotaFault(ns, json))
        {
            throw QuotaAdmission.NothingLeft(resource, name);
        }

        _quotas.Check(resource, ns, json);
    }

    private bool IsQuotaFault(string ns, JsonObject json)
    {
        var cluster =
            json.Text("metadata", "labels", "app") == "vcluster" ? json.Text("metadata", "labels", "release") : null;
        return faults.IsOn(FaultNames.Quota, ns, cluster ?? "");
    }

    private void RequireAccount(string ns, JsonObject pod, string name)
    {
        var account = pod.Text("spec", "serviceAccountName") ?? "";
        // A namespace that was just made gets its default account in a moment; real pods wait for it, too.
        if (account != "default" && store.Find(ResourceCatalog.ServiceAccounts, ns, account) is null)
        {
            throw Refusals.Forbidden(
                "pods",
                "",
                name,
                $"error looking up service account {ns}/{account}: serviceaccount \"{account}\" not found"
            );
        }
    }
}
