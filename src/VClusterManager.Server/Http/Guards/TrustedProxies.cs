using Microsoft.AspNetCore.HttpOverrides;
using VClusterManager.Server.Configuration;

namespace VClusterManager.Server.Http.Guards;

/// <summary>Whose word is taken for where a request came from, and by which scheme and name.</summary>
internal static class TrustedProxies
{
    /// <summary>Without a proxy that is trusted, nobody is asked: the framework would then believe everybody.</summary>
    public static IApplicationBuilder UseTrustedProxies(this IApplicationBuilder app)
    {
        var trusted = app.ApplicationServices.GetRequiredService<ServerOptions>().TrustedProxies;
        return trusted.Count == 0 ? app : app.UseForwardedHeaders(OptionsFor(trusted));
    }

    private static ForwardedHeadersOptions OptionsFor(IReadOnlyList<System.Net.IPNetwork> trusted)
    {
        var options = new ForwardedHeadersOptions
        {
            ForwardedHeaders =
                ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost,
            // From the right, for as long as each one is trusted: what stands before that is what anybody can write.
            ForwardLimit = null,
        };
        // The framework trusts this machine by itself.
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var network in trusted)
        {
            options.KnownIPNetworks.Add(network);
        }
        return options;
    }
}
