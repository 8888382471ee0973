namespace VClusterManager.Server.Identity;

/// <summary>Who is calling, within a request.</summary>
internal static class PrincipalContext
{
    private static readonly object ItemKey = new();

    /// <summary>The caller of a route that needs a role.</summary>
    public static Principal GetPrincipal(this HttpContext context) =>
        context.FindPrincipal()
        ?? throw new InvalidOperationException("Nobody is known here: the route is open to everybody.");

    /// <summary><see langword="null"/> on open routes, when no valid credential was shown.</summary>
    public static Principal? FindPrincipal(this HttpContext context) =>
        context.Items.TryGetValue(ItemKey, out var principal) ? (Principal?)principal : null;

    internal static void SetPrincipal(this HttpContext context, Principal principal) =>
        context.Items[ItemKey] = principal;
}
