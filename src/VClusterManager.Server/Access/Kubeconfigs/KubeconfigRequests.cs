using VClusterManager.Server.Access.Tokens;
using VClusterManager.Server.Clusters;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Http;
using VClusterManager.Server.Http.Failures;
using VClusterManager.Server.Identity;
using VClusterManager.Server.Kubernetes;
using VClusterManager.Server.Storage;

namespace VClusterManager.Server.Access.Kubeconfigs;

/// <summary>Which kubeconfig somebody asks for.</summary>
/// <param name="Mode"><c>proxy</c> or <c>direct</c>; <see langword="null"/>: through the proxy.</param>
/// <param name="Form"><c>token</c> or <c>exec</c>; <see langword="null"/>: with a token in it.</param>
/// <param name="Ttl">How long the token lasts; <see langword="null"/>: the usual time.</param>
internal sealed record KubeconfigQuery(string? Mode, string? Form, string? Ttl);

/// <summary>
/// Makes kubeconfigs. One through the proxy can be had from the first moment: the way is known before the cluster is there.
/// </summary>
internal sealed class KubeconfigRequests(
    ClusterReads reads,
    ClusterTokens tokens,
    DirectKubeconfig direct,
    ServerOptions server,
    AccessOptions options
)
{
    public async Task<Outcome<string>> ForAsync(
        ClusterReference which,
        KubeconfigQuery query,
        Principal who,
        Outcome<Uri> address,
        CancellationToken cancellation
    )
    {
        if (Wrong(query) is { } wrong)
        {
            return wrong;
        }

        var found = await reads.FindManagedAsync(which, who, cancellation);
        return found.Problem is { } missing ? missing
            : query.Mode == "direct" ? await DirectAsync(found.Value.Row, who, cancellation)
            : await ProxyAsync(found.Value.Row, query, who, address, cancellation);
    }

    /// <summary>The address of this server for a request.</summary>
    public Outcome<Uri> AddressFor(HttpRequest request) => PublicAddress.Of(server, request.IsHttps, request.Host);

    /// <summary>Through the proxy, with a token, for whoever has been shown the cluster.</summary>
    public Task<Outcome<string>> ForAsync(ClusterRow cluster, HttpContext http) =>
        ProxyAsync(
            cluster,
            new KubeconfigQuery(null, null, null),
            http.GetPrincipal(),
            AddressFor(http.Request),
            http.RequestAborted
        );

    private static Problem? Wrong(KubeconfigQuery query) =>
        query switch
        {
            { Mode: not (null or "proxy" or "direct") } => ProblemResults.Invalid("mode", "must be proxy or direct"),
            { Form: not (null or "token" or "exec") } => ProblemResults.Invalid("form", "must be token or exec"),
            { Mode: "direct", Ttl: not null } => ProblemResults.Invalid(
                "ttl",
                "is for mode=proxy: the cluster's own credentials do not end"
            ),
            { Mode: "direct", Form: "exec" } => ProblemResults.Invalid("form", "exec is for mode=proxy"),
            { Form: "exec", Ttl: not null } => ProblemResults.Invalid(
                "ttl",
                "is for form=token: vcm asks for fresh tokens"
            ),
            _ => null,
        };

    private async Task<Outcome<string>> DirectAsync(
        ClusterRow cluster,
        Principal who,
        CancellationToken cancellation
    ) =>
        who.Role < Role.Editor
            ? new Problem(
                ProblemKind.Forbidden,
                $"The cluster's own credentials are its administrator's, for editors; {who.Name} is {who.Role.ToWord()}: take mode=proxy."
            )
            : await direct.ForAsync(cluster, cancellation);

    private async Task<Outcome<string>> ProxyAsync(
        ClusterRow cluster,
        KubeconfigQuery query,
        Principal who,
        Outcome<Uri> address,
        CancellationToken cancellation
    )
    {
        if (address.Problem is { } noAddress)
        {
            return noAddress;
        }

        NamespacedName key = new(cluster.Namespace, cluster.Name);
        if (query.Form == "exec")
        {
            return ProxyKubeconfig.WithCommand(key, address.Value, options.CertificateAuthority);
        }

        var made = await tokens.MakeAsync(cluster, who, query.Ttl, cancellation);
        return made.Problem is { } refused
            ? refused
            : ProxyKubeconfig.WithToken(key, address.Value, options.CertificateAuthority, made.Value.Token!);
    }
}
