using Microsoft.AspNetCore.Http.Features;
using VClusterManager.Server.Http;

namespace VClusterManager.Server.Access.Proxy;

/// <summary>What a request through the proxy asks for, read once.</summary>
/// <param name="Path">Where to; <see langword="null"/>: nowhere.</param>
/// <param name="Call">What is asked there; <see langword="null"/>: nothing.</param>
/// <param name="Wrong">Why it leads nowhere; for the caller.</param>
internal sealed record ProxyCall(ProxyPath? Path, KubernetesCall? Call, string Wrong)
{
    public static ProxyCall Of(HttpContext http)
    {
        if (http.Features.Get<ProxyCall>() is { } read)
        {
            return read;
        }

        var path = ProxyPath.Parse(http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget, out var wrong);
        var isUpgrade =
            http.Features.Get<IHttpUpgradeFeature>()?.IsUpgradableRequest == true
            || http.Features.Get<IHttpExtendedConnectFeature>()?.IsExtendedConnect == true;
        var call = path is null ? null : KubernetesCall.Of(http.Request.Method, path, isUpgrade);
        var asked = new ProxyCall(path, call, wrong);
        http.Features.Set(asked);
        return asked;
    }

    /// <summary>It may change something, as far as can be told before anything is looked up; for the audit.</summary>
    public static bool IsWrite(HttpContext http) =>
        Of(http).Call?.IsWrite ?? !SafeMethods.Contains(http.Request.Method);
}
