using VClusterManager.Contracts;
using VClusterManager.Server.Clusters;
using VClusterManager.Server.Http;
using VClusterManager.Server.Http.OpenApi;

namespace VClusterManager.Server.Access;

/// <summary>What the description of the API says of the way into clusters.</summary>
internal static class AccessDescription
{
    private const string Kubeconfig = """
        apiVersion: v1
        kind: Config
        current-context: "demo"
        clusters:
        - name: "demo"
          cluster:
            server: "https://vclusters.example.com/k8s/vcluster-demo/demo"
        contexts:
        - name: "demo"
          context:
            cluster: "demo"
            user: "demo"
        users:
        - name: "demo"
          user:
            token: "vcmc_3fKq0v3Zb1uW5nXo8sT2yLr6cJd9eHaGm4pQwEiVkBU"

        """;

    private static ClusterToken Example { get; } =
        new()
        {
            Id = "0195566a-90a0-7c3e-8a53-0d2f3c4b5a70",
            Name = "anna",
            Role = "editor",
            Created = new DateTimeOffset(2026, 3, 2, 9, 15, 0, TimeSpan.Zero),
            ExpiresAt = new DateTimeOffset(2026, 3, 2, 17, 15, 0, TimeSpan.Zero),
        };

    public static RouteHandlerBuilder DescribesKubeconfig(this RouteHandlerBuilder route) =>
        route
            .WithName("getClusterKubeconfig")
            .NamesCluster()
            .Takes(
                new DescribedParameter(
                    "mode",
                    "query",
                    "The way to the cluster: `proxy` through this server, `direct` by its own address."
                )
                {
                    Choices = ["proxy", "direct"],
                    Default = "proxy",
                    Example = "proxy",
                },
                new DescribedParameter(
                    "form",
                    "query",
                    "`token`: with a token in it. `exec`: kubectl asks `vcm` for a token. For `mode=proxy`."
                )
                {
                    Choices = ["token", "exec"],
                    Default = "token",
                    Example = "token",
                },
                new DescribedParameter(
                    "ttl",
                    "query",
                    "How long the token lasts, such as `8h` or `30m`: at most `access.max_token_ttl`."
                )
                {
                    Example = "8h",
                }
            )
            .AnswersText("application/yaml", "The kubeconfig.", Kubeconfig)
            .Refuses(
                ProblemKind.Conflict,
                "This server has no https address; or, for `direct`, the cluster has no kubeconfig yet; or it is not managed.",
                "A kubeconfig leads through this server, and kubectl sends its token over https alone. Set server.public_url (PUBLIC_URL) to the https address at which people reach this server, or server.tls."
            )
            .Refuses(ProblemKind.Forbidden, "`direct` is for editors.")
            .Refuses(ProblemKind.Invalid, "A parameter is not known.", "must be proxy or direct", "mode");

    public static RouteHandlerBuilder DescribesTokens(this RouteHandlerBuilder route) =>
        route
            .WithName("listClusterTokens")
            .NamesCluster()
            .AnswersList("A page of tokens.", new ClusterTokenList([Example], NextCursor: null, Total: 1))
            .Refuses(ProblemKind.Invalid, "`cursor` is none of this list.");

    public static RouteHandlerBuilder DescribesMakeToken(this RouteHandlerBuilder route) =>
        route
            .WithName("createClusterToken")
            .NamesCluster()
            .TakesBody(new ClusterTokenCreate { Ttl = "8h" })
            .Answers(
                201,
                "The token, which is not shown again.",
                Example with
                {
                    Token = "vcmc_3fKq0v3Zb1uW5nXo8sT2yLr6cJd9eHaGm4pQwEiVkBU",
                }
            )
            .Refuses(
                ProblemKind.Invalid,
                "`ttl` is no duration, or too long.",
                "must be a duration such as 8h or 30m, from 1m to 1d",
                "ttl"
            );

    public static RouteHandlerBuilder DescribesRevokeToken(this RouteHandlerBuilder route) =>
        route
            .WithName("revokeClusterToken")
            .NamesCluster()
            .Takes(new DescribedParameter("id", "path", "The token's id.") { Example = Example.Id })
            .AnswersNothing(204, "It is gone.");
}
