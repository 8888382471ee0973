using System.Text;

namespace VClusterManager.Sandbox.Api;

/// <summary>The health checks: "ok", or every check by name when the caller wants to know.</summary>
internal static class Health
{
    private static readonly string[] Checks =
    [
        "ping",
        "log",
        "informer-sync",
        "poststarthook/start-apiserver-admission-initializer",
        "poststarthook/generic-apiserver-start-informers",
        "poststarthook/priority-and-fairness-config-consumer",
        "poststarthook/priority-and-fairness-filter",
        "poststarthook/storage-object-count-tracker-hook",
        "poststarthook/start-apiextensions-informers",
        "poststarthook/start-apiextensions-controllers",
        "poststarthook/crd-informer-synced",
        "poststarthook/start-system-namespaces-controller",
        "poststarthook/start-cluster-authentication-info-controller",
        "poststarthook/start-kube-apiserver-identity-lease-controller",
        "poststarthook/start-kube-apiserver-identity-lease-garbage-collector",
        "poststarthook/start-legacy-token-tracking-controller",
        "poststarthook/start-service-ip-repair-controllers",
        "poststarthook/rbac/bootstrap-roles",
        "poststarthook/scheduling/bootstrap-system-priority-classes",
        "poststarthook/priority-and-fairness-config-producer",
        "poststarthook/bootstrap-controller",
        "poststarthook/start-kubernetes-service-cidr-controller",
        "poststarthook/aggregator-reload-proxy-client-cert",
        "poststarthook/start-kube-aggregator-informers",
        "poststarthook/apiservice-status-local-available-controller",
        "poststarthook/apiservice-status-remote-available-controller",
        "poststarthook/apiservice-registration-controller",
        "poststarthook/apiservice-wait-for-first-sync",
        "poststarthook/apiservice-discovery-controller",
        "poststarthook/kube-apiserver-autoregistration",
        "autoregister-completion",
        "poststarthook/apiservice-openapi-controller",
        "poststarthook/apiservice-openapiv3-controller",
        "shutdown",
    ];

    public static Task WriteAsync(HttpContext context, string check)
    {
        if (!context.Request.Query.ContainsKey("verbose"))
        {
            return context.WriteTextAsync(200, "ok");
        }

        var text = new StringBuilder();
        foreach (var name in Checks.Where(name => check == "readyz" || name is not ("informer-sync" or "shutdown")))
        {
            text.Append("[+]").Append(name).Append(" ok\n");
        }

        return context.WriteTextAsync(200, text.Append(check).Append(" check passed\n").ToString());
    }
}
