namespace VClusterManager.Sandbox.Tests.TestHost;

/// <summary>Service accounts with the rights that a test gives them.</summary>
internal static class Accounts
{
    private const string Rbac = "/apis/rbac.authorization.k8s.io/v1";

    /// <summary>A client with a token of the account <c>s</c> of a new namespace, which has these rules there.</summary>
    public static Task<HttpClient> AccountAsync(this SandboxHost sandbox, string ns, params string[] rules) =>
        sandbox.AccountAsync(ns, rules, clusterWide: false);

    /// <inheritdoc cref="AccountAsync(SandboxHost, string, string[])"/>
    public static async Task<HttpClient> AccountAsync(
        this SandboxHost sandbox,
        string ns,
        string[] rules,
        bool clusterWide
    )
    {
        await sandbox.CreateNamespaceAsync(ns);
        var (place, kind) = clusterWide ? ($"{Rbac}/cluster", "Cluster") : ($"{Rbac}/namespaces/{ns}/", "");
        await sandbox.Admin.PostJsonAsync(
            $"{place}roles",
            $$$"""{"metadata":{"name":"given-{{{ns}}}"},"rules":[{{{string.Join(',', rules)}}}]}"""
        );
        await sandbox.Admin.PostJsonAsync(
            $"{place}rolebindings",
            $$$"""{"metadata":{"name":"given-{{{ns}}}"},"roleRef":{"kind":"{{{kind}}}Role","name":"given-{{{ns}}}"},"subjects":[{"kind":"ServiceAccount","name":"s","namespace":"{{{ns}}}"}]}"""
        );
        await sandbox.Admin.PostJsonAsync($"/api/v1/namespaces/{ns}/serviceaccounts", """{"metadata":{"name":"s"}}""");
        return sandbox.WithToken(await sandbox.TokenAsync(ns));
    }

    /// <summary>A new token of the account <c>s</c>.</summary>
    public static async Task<string> TokenAsync(this SandboxHost sandbox, string ns, string spec = "{}")
    {
        var answer = await sandbox.Admin.PostJsonAsync(
            $"/api/v1/namespaces/{ns}/serviceaccounts/s/token",
            $$"""{"spec":{{spec}}}"""
        );
        return answer.Text("status", "token")!;
    }
}
