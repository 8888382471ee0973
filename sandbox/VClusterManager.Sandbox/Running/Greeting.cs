namespace VClusterManager.Sandbox.Running;

/// <summary>What a person sees once everything runs.</summary>
internal static class Greeting
{
    public static string ForManager(EmulatedHost host, ServerConfig config, AdminLogin login) =>
        $"""

            vCluster Manager runs on an emulated Kubernetes host.

              manager       {Address(config.Url)}   (TLS: {Address(
                config.TlsUrl
            )}, its authority: {config.AuthorityFile})
              admin key     {login.Key}
              password      {Password(login)}
              API docs      {Address(config.Url)}/docs
              kubeconfig    {config.KubeconfigFile}
              control API   {Address(host.ControlUrl)}

            Try:

              export URL={Address(config.Url)} KEY={login.Key}
              curl -s -H "X-API-Key: $KEY" -H 'Prefer: wait=60' --json '{Body}' $URL/api/clusters
              curl -s -H "X-API-Key: $KEY" "$URL/api/clusters/demo/kubeconfig" > demo.yaml
              kubectl --kubeconfig demo.yaml get namespaces
              curl -s -H "X-API-Key: $KEY" -X DELETE "$URL/api/clusters/demo?wait=60"
              curl -s -X PUT {Address(host.ControlUrl)}/faults/image-error   # then create another and see what it says

            Ctrl-C ends it.

            """;

    public static string ForHost(EmulatedHost host, ServerConfig config) =>
        $"""

            An emulated Kubernetes host.

              API           {Address(host.Url)}
              kubeconfig    {config.KubeconfigFile}
              vcluster      {BuildPaths.VCluster}
              control API   {Address(host.ControlUrl)}

            Try:

              export KUBECONFIG={config.KubeconfigFile}
              kubectl get namespaces
              {BuildPaths.VCluster} create demo -n demo --connect=false
              kubectl -n demo get pods,secrets
              curl -s {Address(host.ControlUrl)}/requests
              curl -s -X PUT {Address(host.ControlUrl)}/faults/api-latency?value=500ms

            Ctrl-C ends it.

            """;

    private static string Password(AdminLogin login) =>
        login.NewPassword is { } password
            ? $"{password}   (of the user {AdminLogin.User}; told this once)"
            : $"of the user {AdminLogin.User}: as told at the first start";

    private const string Body = """{"name":"demo"}""";

    private static string Address(Uri url) => url.GetLeftPart(UriPartial.Authority);
}
