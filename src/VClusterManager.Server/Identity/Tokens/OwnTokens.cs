using System.Security.Cryptography;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using VClusterManager.Server.Configuration;

namespace VClusterManager.Server.Identity.Tokens;

/// <summary>
/// Tokens that are signed with our own key: <c>/token</c> gives them, and who else has the key can make them. A token says
/// all that counts, who it is, how far they may go and until when; nothing is looked up, and nothing can take it back.
/// </summary>
internal sealed class OwnTokens : IDisposable
{
    public const string Source = "token";

    private readonly JwtOptions? _options;
    private readonly TimeProvider _time;
    private readonly AsymmetricAlgorithm? _private;
    private readonly SigningCredentials? _signing;
    private readonly TokenValidationParameters? _rules;

    public OwnTokens(AuthOptions options, TimeProvider time)
    {
        _options = options.Jwt;
        _time = time;
        if (_options is null)
        {
            return;
        }

        (SecurityKey key, _private) = KeyOf(_options);
        _signing = new SigningCredentials(key, _options.Algorithm);
        _rules = new TokenValidationParameters
        {
            IssuerSigningKey = key,
            // Others who have the key may call it what they want.
            TryAllIssuerSigningKeys = true,
            ValidAlgorithms = [_options.Algorithm],
            RequireSignedTokens = true,
            ValidateLifetime = false,
            ValidateIssuer = _options.Issuer is not null,
            ValidIssuer = _options.Issuer,
            ValidateAudience = _options.Audience is not null,
            ValidAudience = _options.Audience,
        };
    }

    public bool AreOn => _options is not null;

    /// <summary>How long a token lasts that is given now.</summary>
    public TimeSpan Lifetime => _options!.Lifetime;

    /// <summary>The identity of a user of the configuration.</summary>
    public static string IdentityOf(string user) => $"user/{user}";

    public string Issue(ConfiguredUser user, Role role)
    {
        var now = _time.GetUtcNow();
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(
            new SecurityTokenDescriptor
            {
                Issuer = _options!.Issuer,
                Audience = _options.Audience,
                IssuedAt = now.UtcDateTime,
                Expires = (now + _options.Lifetime).UtcDateTime,
                SigningCredentials = _signing,
                Claims = TokenScopes.ClaimsOf(user, role),
            }
        );
    }

    public async ValueTask<CredentialAnswer> CheckAsync(Credential credential, CancellationToken cancellation)
    {
        if (_rules is null || !SignedToken.LooksLikeOne(credential.Text))
        {
            return CredentialAnswer.Unknown.Instance;
        }

        if (SignedToken.Read(credential.Text) is not { } token)
        {
            return new CredentialAnswer.Refused("The token cannot be read.");
        }

        return await SignedToken.CheckAsync(token, _rules) switch
        {
            TokenReading.Good(var claims) => Judge(claims),
            TokenReading.Bad(var reason) => new CredentialAnswer.Refused(reason),
            _ => throw new InvalidOperationException("There is no third reading."),
        };
    }

    public void Dispose() => _private?.Dispose();

    private CredentialAnswer Judge(TokenClaims claims)
    {
        if (claims.NotNow(_time.GetUtcNow()) is { } reason)
        {
            return new CredentialAnswer.Refused(reason);
        }

        if (claims.Name("sub") is not { } subject)
        {
            return new CredentialAnswer.Refused("The token does not say who it is for (sub).");
        }

        if (TokenScopes.RoleOf(claims) is not { } role)
        {
            return new CredentialAnswer.Refused("The token has no scope that counts here: viewer, api or admin.");
        }

        var name = claims.Name("username") ?? subject;
        return TokenScopes.TryLimits(claims, out var limits)
            ? new CredentialAnswer.Accepted(
                new Principal(name, role, Source, claims.Time("exp"))
                {
                    Identity = IdentityOf(name),
                    Limits = role == Role.Admin ? Limits.None : limits,
                }
            )
            : new CredentialAnswer.Refused("The token has limits that cannot be read.");
    }

    private static (SecurityKey Key, AsymmetricAlgorithm? Private) KeyOf(JwtOptions options)
    {
        if (options.Secret is { } secret)
        {
            return (new SymmetricSecurityKey(secret), null);
        }

        if (options.Algorithm[0] == 'E')
        {
            var curve = ECDsa.Create();
            curve.ImportFromPem(options.PrivateKey);
            return (new ECDsaSecurityKey(curve), curve);
        }

        var rsa = RSA.Create();
        rsa.ImportFromPem(options.PrivateKey);
        return (new RsaSecurityKey(rsa), rsa);
    }
}
