using System.Net;
using System.Text.Json.Nodes;
using VClusterManager.Server.Configuration.Raw;

namespace VClusterManager.Server.Configuration.Keys;

/// <summary>An issuer of tokens that are taken: a map.</summary>
internal sealed class OidcIssuerType : KeyType<OidcIssuerOptions>
{
    private static readonly KeyType<string> Name = Types.Text(
        "1 to 30 lower-case letters, digits and '-'",
        "^[a-z0-9-]{1,30}$",
        30
    );

    private static readonly KeyType<string> Claim = Types.Text("the name of a claim", "^[!-~]{1,200}$", 200);

    private static readonly KeyType<string> Audience = Types.Text("an audience", "^[!-~]{1,500}$", 500);

    private static readonly ListType<OidcRule> Rules = new("a list of rules", new OidcRuleType());

    public override string Words => "a map with name, issuer, audience, rules";

    public override JsonObject Schema() =>
        new()
        {
            ["type"] = "object",
            ["properties"] = new JsonObject
            {
                ["name"] = Name.Schema(),
                ["issuer"] = WebAddress.Base.Schema(),
                ["audience"] = Audience.Schema(),
                ["name_claim"] = Claim.Schema(),
                ["insecure_http"] = Types.Boolean.Schema(),
                ["rules"] = Rules.Schema(),
            },
            ["required"] = new JsonArray("name", "issuer", "audience", "rules"),
            ["additionalProperties"] = false,
        };

    public override bool TryRead(RawNode node, Reading at, out OidcIssuerOptions value)
    {
        value = null!;
        if (node is not RawMap map)
        {
            at.FailAsNot(node, Words);
            return false;
        }

        EntryReader entry = new(map, at);
        var name = entry.Find("name", Name);
        var issuer = entry.Find("issuer", WebAddress.Base);
        var audience = entry.Find("audience", Audience);
        var nameClaim = entry.Find("name_claim", Claim) ?? "sub";
        var insecure = entry.FindValue("insecure_http", Types.Boolean) ?? false;
        var rules = entry.Find("rules", Rules);
        if (entry.End() && Missing(name, issuer, audience, rules, insecure) is { } wrong)
        {
            entry.Refuse(wrong);
        }

        value = entry.IsValid
            ? new OidcIssuerOptions
            {
                Name = name!,
                // To the letter: it is compared with what tokens say, and Uri would add a slash.
                Issuer = ((RawScalar)map.Entries["issuer"]).Text,
                Audience = audience!,
                NameClaim = nameClaim,
                InsecureHttp = issuer!.Scheme == Uri.UriSchemeHttp,
                Rules = rules!,
            }
            : null!;
        return entry.IsValid;
    }

    private static string? Missing(
        string? name,
        Uri? issuer,
        string? audience,
        IReadOnlyList<OidcRule>? rules,
        bool insecure
    ) =>
        name is null ? "needs a name"
        : issuer is null ? "needs an issuer"
        : audience is null ? "needs an audience: without one, a token that was made for somebody else would do"
        : rules is null or [] ? "needs rules: without one, nobody comes in"
        : issuer.Scheme == Uri.UriSchemeHttp && !insecure && !IsLoopback(issuer)
            ? "has an issuer over http: whoever is in between could make tokens; insecure_http: true takes it all the same"
        : null;

    private static bool IsLoopback(Uri uri) =>
        uri.Host == "localhost"
        || (IPAddress.TryParse(uri.Host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip));
}

/// <summary>A rule from claims to a role: a map.</summary>
internal sealed class OidcRuleType : KeyType<OidcRule>
{
    private static readonly KeyType<string> Pattern = Types.Text(
        "text, in which * stands for any text",
        "^[^\\r\\n]{1,500}$",
        500
    );

    private static readonly ListType<string> Patterns = new("a list of texts, in which * stands for any text", Pattern);

    public override string Words => "a map with claims, role";

    public override JsonObject Schema() =>
        new()
        {
            ["type"] = "object",
            ["properties"] = EntryReader.WithLimits(
                new JsonObject
                {
                    ["claims"] = new JsonObject
                    {
                        ["type"] = "object",
                        ["minProperties"] = 1,
                        ["additionalProperties"] = new JsonObject
                        {
                            ["oneOf"] = new JsonArray(Pattern.Schema(), Patterns.Schema()),
                        },
                    },
                    ["role"] = AuthTypes.Role.Schema(),
                }
            ),
            ["required"] = new JsonArray("claims", "role"),
            ["additionalProperties"] = false,
        };

    public override bool TryRead(RawNode node, Reading at, out OidcRule value)
    {
        value = null!;
        if (node is not RawMap map)
        {
            at.FailAsNot(node, Words);
            return false;
        }

        EntryReader entry = new(map, at);
        var claims = entry.Find("claims", new ClaimsType());
        var role = entry.FindValue("role", AuthTypes.Role);
        var limits = entry.Limits();
        if (entry.End())
        {
            var wrong =
                claims is null or { Count: 0 } ? "needs claims: a rule without one would let everybody in"
                : role is null ? "needs a role"
                : limits.WrongFor(role.Value);
            if (wrong is not null)
            {
                entry.Refuse(wrong);
            }
        }

        value = entry.IsValid ? new OidcRule(claims!, role!.Value, limits) : null!;
        return entry.IsValid;
    }

    /// <summary>Claims by their names, each with one pattern or with several of which one must match.</summary>
    private sealed class ClaimsType : KeyType<IReadOnlyDictionary<string, IReadOnlyList<string>>>
    {
        public override string Words => "a map from claims to texts";

        public override JsonObject Schema() => new() { ["type"] = "object" };

        public override bool TryRead(
            RawNode node,
            Reading at,
            out IReadOnlyDictionary<string, IReadOnlyList<string>> value
        )
        {
            OrderedDictionary<string, IReadOnlyList<string>> read = [];
            value = read;
            if (node is not RawMap map)
            {
                at.FailAsNot(node, Words);
                return false;
            }

            var valid = true;
            foreach (var (name, raw) in map.Entries.Where(e => !e.Value.IsNull))
            {
                valid &= TryReadOne(raw, at.Entry(name), out var patterns);
                read.Add(name, patterns);
            }

            return valid;
        }

        private static bool TryReadOne(RawNode raw, Reading at, out IReadOnlyList<string> patterns)
        {
            if (raw is RawList)
            {
                return Patterns.TryRead(raw, at, out patterns);
            }

            var ok = Pattern.TryRead(raw, at, out var only);
            patterns = ok ? [only] : [];
            return ok;
        }
    }
}
