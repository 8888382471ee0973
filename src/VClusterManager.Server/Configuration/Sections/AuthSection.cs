using System.Text.RegularExpressions;
using VClusterManager.Server.Configuration.Keys;

namespace VClusterManager.Server.Configuration.Sections;

/// <summary>Who may come in.</summary>
internal static class AuthSection
{
    private const string LimitWords =
        "It can be bound: `namespaces` (a list, `*` stands for any text), `own_clusters: true` (nobody else's are seen or "
        + "touched), `max_clusters` and `max_ttl_hours`; an admin never is.";

    private static readonly Regex Names = new("^[A-Za-z0-9_.-]{1,63}$", RegexOptions.NonBacktracking);

    public static readonly KeySection Section = new(
        "auth",
        "Who may come in. Every door is closed by default: there is no default key and no default password."
    );

    private static readonly Key<IReadOnlyDictionary<string, ApiKeyEntry>> ApiKeys = Section.Add(
        new Key<IReadOnlyDictionary<string, ApiKeyEntry>>(
            new MapType<ApiKeyEntry>(
                "a map from client names to API keys",
                "1 to 63 letters, digits, '-', '_' or '.'",
                Names,
                new ApiKeyType()
            )
        )
        {
            Name = "api_keys",
            Default = "{}",
            Secret = true,
            Doc =
                "API keys by the name of their client: `ci: the-key-itself` (at least 16 characters, role editor), or "
                + "better `ci: {hash: ..., role: viewer, expires: 2027-01-31T00:00:00Z}`, where `hash` is the key's SHA-256 "
                + "in hexadecimal digits (`printf %s \"$KEY\" | sha256sum`), so that the file holds no secret. `key` takes "
                + "the place of `hash` where the key comes from a variable: `VCM__AUTH__API_KEYS__CI__KEY`. `role` is "
                + "viewer, editor (default) or admin; without `expires` a key never ends. "
                + LimitWords,
        }
    );

    private static readonly Key<IReadOnlyDictionary<string, UserEntry>> Users = Section.Add(
        new Key<IReadOnlyDictionary<string, UserEntry>>(
            new MapType<UserEntry>(
                "a map from user names to users",
                "1 to 63 letters, digits, '-', '_' or '.'",
                Names,
                new UserType()
            )
        )
        {
            Name = "users",
            Default = "{}",
            Secret = true,
            Doc =
                "Who gets a token from `/token` for a password: `anna: {password_hash: ..., role: editor}`. `vcluster-manager "
                + "hash-password` asks for a password and writes the hash. `role` is viewer, editor (default) or admin. It needs "
                + "`auth.jwt`. "
                + LimitWords,
        }
    );

    private static readonly Key<IReadOnlyList<OidcIssuerOptions>> Oidc = Section.Add(
        new Key<IReadOnlyList<OidcIssuerOptions>>(
            new ListType<OidcIssuerOptions>("a list of issuers", new OidcIssuerType())
        )
        {
            Name = "oidc",
            Default = "[]",
            Doc =
                "Issuers whose OpenID Connect tokens are taken: GitHub Actions, GitLab CI, an identity provider. Each has a "
                + "`name` of its own, the `issuer` (as tokens have it in `iss`; its keys are found through "
                + "`/.well-known/openid-configuration`), the `audience` that its tokens must be for, and `rules`, the first of "
                + "which counts whose `claims` all match: `{claims: {repository: acme/*, ref: refs/heads/main}, role: editor}`. "
                + "A claim is matched by a text or by one of a list, `*` stands for any text; a claim that is a list matches by "
                + "one of its entries; `a.b` is the claim `b` inside `a`. `name_claim` (by default `sub`) says who it is: what "
                + "one makes belongs to all tokens with the same. Rules can bind as `api_keys` can. An issuer over http is taken "
                + "from this machine only, or with `insecure_http: true`.",
        }
    );

    public static AuthOptions Read(ConfigurationValues values)
    {
        var entries = values.Get(ApiKeys);
        foreach (var same in entries.GroupBy(e => Convert.ToHexString(e.Value.Hash)).Where(g => g.Count() > 1))
        {
            values.Fail(ApiKeys, $"gives the same key to {string.Join(" and ", same.Select(e => e.Key))}");
        }

        var jwt = JwtSection.Read(values);
        var oidc = values.Get(Oidc);
        CheckIssuers(values, oidc, jwt);
        return new AuthOptions
        {
            ApiKeys =
            [
                .. entries.Select(e => new ConfiguredApiKey(e.Key, e.Value.Hash, e.Value.Role, e.Value.Expires)
                {
                    Limits = e.Value.Limits,
                }),
            ],
            Users =
            [
                .. values
                    .Get(Users)
                    .Select(u => new ConfiguredUser(u.Key, u.Value.PasswordHash, u.Value.Role, u.Value.Limits)),
            ],
            Jwt = jwt,
            Oidc = oidc,
        };
    }

    private static void CheckIssuers(
        ConfigurationValues values,
        IReadOnlyList<OidcIssuerOptions> issuers,
        JwtOptions? jwt
    )
    {
        foreach (var name in issuers.GroupBy(i => i.Name).Where(g => g.Count() > 1))
        {
            values.Fail(Oidc, $"has the name {name.Key} more than once");
        }

        foreach (var issuer in issuers.GroupBy(i => i.Issuer).Where(g => g.Count() > 1 || g.Key == jwt?.Issuer))
        {
            values.Fail(
                Oidc,
                issuer.Key == jwt?.Issuer
                    ? $"has the issuer {issuer.Key}, which is auth.jwt.issuer"
                    : $"has the issuer {issuer.Key} more than once: give it more rules instead"
            );
        }
    }
}
