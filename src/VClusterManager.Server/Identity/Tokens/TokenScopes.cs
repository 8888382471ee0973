using System.Text.Json;
using VClusterManager.Server.Configuration;

namespace VClusterManager.Server.Identity.Tokens;

/// <summary>How roles and limits are written in our own tokens. Pure.</summary>
internal static class TokenScopes
{
    private const string Namespaces = "vcm_namespaces";
    private const string OwnClusters = "vcm_own_clusters";
    private const string MaxClusters = "vcm_max_clusters";
    private const string MaxTtlHours = "vcm_max_ttl_hours";

    /// <summary>The role that a scope stands for; <see langword="null"/>: none.</summary>
    public static Role? RoleOf(string scope) =>
        scope switch
        {
            "admin" => Role.Admin,
            "api" or "editor" => Role.Editor,
            "viewer" => Role.Viewer,
            _ => null,
        };

    /// <summary>The largest of them; <see langword="null"/>: none of them is known.</summary>
    public static Role? LargestOf(IEnumerable<string> scopes) => scopes.Select(RoleOf).Max();

    public static Role? RoleOf(TokenClaims claims) =>
        LargestOf(claims.Texts("scope").SelectMany(text => text.Split(' ', StringSplitOptions.RemoveEmptyEntries)));

    public static string ScopeOf(Role role) =>
        role switch
        {
            Role.Admin => "api admin",
            Role.Editor => "api",
            _ => "viewer",
        };

    public static Dictionary<string, object> ClaimsOf(ConfiguredUser user, Role role)
    {
        var limits = user.Limits;
        Dictionary<string, object?> claims = new()
        {
            ["sub"] = user.Name,
            ["username"] = user.Name,
            ["scope"] = ScopeOf(role),
            ["jti"] = Guid.NewGuid().ToString("N"),
            [Namespaces] = limits.Namespaces?.ToArray(),
            [OwnClusters] = limits.OwnClusters ? true : null,
            [MaxClusters] = limits.MaxClusters,
            [MaxTtlHours] = limits.MaxTtlHours,
        };
        return claims.Where(claim => claim.Value is not null).ToDictionary(claim => claim.Key, claim => claim.Value!);
    }

    /// <summary>False: a limit is written as none can be. What cannot be read does not count as no limit.</summary>
    public static bool TryLimits(TokenClaims claims, out Limits limits)
    {
        limits = new Limits
        {
            Namespaces = claims.Find(Namespaces) is null ? null : [.. claims.Texts(Namespaces)],
            OwnClusters = claims.Text(OwnClusters) == "true",
            MaxClusters = Number(MaxClusters),
            MaxTtlHours = Number(MaxTtlHours),
        };
        return limits.Namespaces?.All(NamespacePattern.IsValid) is not false
            && claims.Find(OwnClusters) is null or { ValueKind: JsonValueKind.True or JsonValueKind.False }
            && claims.Find(MaxClusters) is null == limits.MaxClusters is null
            && claims.Find(MaxTtlHours) is null == limits.MaxTtlHours is null;

        int? Number(string claim) =>
            claims.Find(claim) is { ValueKind: JsonValueKind.Number } number
            && number.TryGetInt32(out var value)
            && value > 0
                ? value
                : null;
    }
}
