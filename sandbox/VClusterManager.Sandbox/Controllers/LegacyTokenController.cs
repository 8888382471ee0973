using System.Text;
using VClusterManager.Sandbox.Authentication;
using VClusterManager.Sandbox.Controllers.Loop;
using VClusterManager.Sandbox.Json;
using VClusterManager.Sandbox.Registry;
using VClusterManager.Sandbox.Resources;
using VClusterManager.Sandbox.Store;

namespace VClusterManager.Sandbox.Controllers;

/// <summary>Fills Secrets of the type that asks for a service account's token without end.</summary>
internal sealed class LegacyTokenController(ControllerContext context, ServiceAccountTokens tokens, string authorityPem)
    : IController
{
    private const string TokenType = "kubernetes.io/service-account-token";
    private const string AccountName = "kubernetes.io/service-account.name";
    private const string AccountUid = "kubernetes.io/service-account.uid";

    public void Observe(ResourceDefinition resource, Change change, WorkQueue queue)
    {
        if (resource == ResourceCatalog.Secrets && change.Kind == ChangeKind.Added)
        {
            queue.Add(new WorkItem(this, change.Object.Namespace, change.Object.Name));
        }
    }

    public void Reconcile(string ns, string name, WorkQueue queue)
    {
        var secret = context.Store.Find(ResourceCatalog.Secrets, ns, name);
        if (secret?.Json.Text("type") != TokenType || secret.Json.At("data", "token") is not null)
        {
            return;
        }

        var account = context.Store.Find(
            ResourceCatalog.ServiceAccounts,
            ns,
            secret.Json.Text("metadata", "annotations", AccountName) ?? ""
        );
        if (account is null)
        {
            // As on a real cluster: a token for no one is taken away.
            context.Registry.TryDelete(ResourceCatalog.Secrets, secret, DeleteOptions.Now);
            return;
        }

        var token = tokens.Issue(ns, account.Name, account.Uid, [ServiceAccountTokens.Issuer], expires: null);
        context.Registry.Update(
            ResourceCatalog.Secrets,
            ns,
            name,
            json =>
            {
                json.Ensure("metadata").Ensure("annotations")[AccountUid] = account.Uid;
                var data = json.Ensure("data");
                data["ca.crt"] = Encode(authorityPem + "\n");
                data["namespace"] = Encode(ns);
                data["token"] = Encode(token);
                return json;
            },
            WriteOptions.ControllerManager
        );
    }

    private static string Encode(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
