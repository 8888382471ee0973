using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Identity.Tokens;

namespace VClusterManager.Server.Identity.Oidc;

/// <summary>
/// Tokens of issuers that the configuration names: CI systems, identity providers. The signature is checked by the
/// issuer's own keys, the token must be for us, and a rule must match what it says.
/// </summary>
internal sealed class OidcTokens : IDisposable
{
    public const string Source = "oidc";

    /// <summary>A signature that only the issuer can have made: with a shared secret, we could have.</summary>
    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256,
        SecurityAlgorithms.RsaSha384,
        SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256,
        SecurityAlgorithms.RsaSsaPssSha384,
        SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256,
        SecurityAlgorithms.EcdsaSha384,
        SecurityAlgorithms.EcdsaSha512,
    ];

    private const long MostBytes = 1024 * 1024;

    private readonly HttpClient _http = new(
        new SocketsHttpHandler
        {
            // Over https and then on to anywhere is not over https.
            AllowAutoRedirect = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        }
    )
    {
        Timeout = TimeSpan.FromSeconds(5),
        MaxResponseContentBufferSize = MostBytes,
    };

    private readonly Dictionary<string, (OidcIssuerOptions Options, IssuerKeys Keys)> _issuers;
    private readonly TimeProvider _time;

    public OidcTokens(AuthOptions options, TimeProvider time, ILogger<IssuerKeys> logger)
    {
        _time = time;
        _issuers = options.Oidc.ToDictionary(
            issuer => issuer.Issuer,
            issuer => (issuer, new IssuerKeys(issuer, _http, time, logger)),
            StringComparer.Ordinal
        );
    }

    public ValueTask<CredentialAnswer> CheckAsync(Credential credential, CancellationToken cancellation) =>
        _issuers.Count > 0
        && SignedToken.LooksLikeOne(credential.Text)
        && SignedToken.Read(credential.Text) is { } token
        && _issuers.TryGetValue(token.Issuer ?? "", out var issuer)
            ? CheckAsync(token, issuer.Options, issuer.Keys, cancellation)
            : ValueTask.FromResult<CredentialAnswer>(CredentialAnswer.Unknown.Instance);

    public void Dispose()
    {
        _http.Dispose();
        foreach (var (_, keys) in _issuers.Values)
        {
            keys.Dispose();
        }
    }

    private async ValueTask<CredentialAnswer> CheckAsync(
        JsonWebToken token,
        OidcIssuerOptions issuer,
        IssuerKeys keys,
        CancellationToken cancellation
    )
    {
        if (!Algorithms.Contains(token.Alg))
        {
            return new CredentialAnswer.Refused("The token is signed in a way that is not taken here.");
        }

        return await keys.FindAsync(token.Kid, cancellation) switch
        {
            IssuerAnswer.Unreachable(var reason) => new CredentialAnswer.Undecided(
                $"The token cannot be checked now: of its issuer {issuer.Issuer} is known that {reason}."
            ),
            IssuerAnswer.Keys { Candidates: [] } => new CredentialAnswer.Refused(
                "The token is signed with a key that its issuer does not publish."
            ),
            IssuerAnswer.Keys(var candidates) => await SignedToken.CheckAsync(token, RulesOf(issuer, candidates)) switch
            {
                TokenReading.Good(var claims) => Judge(issuer, claims),
                TokenReading.Bad(var reason) => new CredentialAnswer.Refused(reason),
                _ => throw new InvalidOperationException("There is no third reading."),
            },
            _ => throw new InvalidOperationException("There is no third answer."),
        };
    }

    private static TokenValidationParameters RulesOf(OidcIssuerOptions issuer, IReadOnlyList<JsonWebKey> keys) =>
        new()
        {
            IssuerSigningKeys = keys,
            TryAllIssuerSigningKeys = true,
            ValidAlgorithms = Algorithms,
            RequireSignedTokens = true,
            ValidateLifetime = false,
            ValidIssuer = issuer.Issuer,
            ValidAudience = issuer.Audience,
        };

    private CredentialAnswer Judge(OidcIssuerOptions issuer, TokenClaims claims)
    {
        if (claims.NotNow(_time.GetUtcNow()) is { } reason)
        {
            return new CredentialAnswer.Refused(reason);
        }

        if (claims.Name(issuer.NameClaim) is not { } name)
        {
            return new CredentialAnswer.Refused($"The token does not say who it is for ({issuer.NameClaim}).");
        }

        return ClaimRules.Match(issuer.Rules, claims) is { } rule
            ? new CredentialAnswer.Accepted(
                new Principal($"{issuer.Name}:{name}", rule.Role, Source, claims.Time("exp"))
                {
                    Identity = $"{Source}/{issuer.Name}/{name}",
                    Limits = rule.Limits,
                }
            )
            : new CredentialAnswer.Refused(ClaimRules.WhyNone(issuer, claims));
    }
}
