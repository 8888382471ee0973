using VClusterManager.Server.Configuration;
using VClusterManager.Server.Identity.Tokens;

namespace VClusterManager.Server.Identity.Oidc;

/// <summary>From what a token says to what its bearer may do. Pure.</summary>
internal static class ClaimRules
{
    /// <summary>The first rule all of whose claims match; <see langword="null"/>: none does.</summary>
    public static OidcRule? Match(IReadOnlyList<OidcRule> rules, TokenClaims claims) =>
        rules.FirstOrDefault(rule => rule.Claims.All(wanted => IsThere(claims, wanted.Key, wanted.Value)));

    /// <summary>Why no rule matches, with what the caller's token says: the bearer knows it, and has to be able to act.</summary>
    public static string WhyNone(OidcIssuerOptions issuer, TokenClaims claims)
    {
        var looked = issuer.Rules.SelectMany(rule => rule.Claims.Keys).Distinct(StringComparer.Ordinal);
        var said = looked.Select(name =>
            $"{name} {(claims.Texts(name).FirstOrDefault() is { } text ? $"'{Shown(text)}'" : "missing")}"
        );
        return $"No rule of this server lets the token in: {string.Join(", ", said)}.";
    }

    private static bool IsThere(TokenClaims claims, string name, IReadOnlyList<string> patterns) =>
        claims.Texts(name).Any(text => patterns.Any(pattern => Glob.Matches(pattern, text)));

    private static string Shown(string text)
    {
        var printable = new string([.. text.Take(100).Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c)]);
        return text.Length > 100 ? printable + "..." : printable;
    }
}
