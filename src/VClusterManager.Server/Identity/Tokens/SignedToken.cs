using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace VClusterManager.Server.Identity.Tokens;

/// <summary>
/// Takes a JSON Web Token apart, and checks its signature. What is written by strangers is looked at here only: whatever
/// the library makes of it, it is a token, or it is none.
/// </summary>
internal static class SignedToken
{
    private static readonly JsonWebTokenHandler Handler = new()
    {
        MapInboundClaims = false,
        MaximumTokenSizeInBytes = CredentialReading.MaxLength,
    };

    /// <summary>Three parts, of which the first begins as JSON does.</summary>
    public static bool LooksLikeOne(string text) =>
        text.StartsWith("ey", StringComparison.Ordinal) && text.Count(c => c == '.') == 2;

    /// <returns><see langword="null"/>: it is none.</returns>
    public static JsonWebToken? Read(string text)
    {
        try
        {
            return new JsonWebToken(text);
        }
        catch (Exception)
        {
            // The library throws this and that for what is no token.
            return null;
        }
    }

    /// <param name="rules">Lifetimes are not among them: see <see cref="TokenClaims.NotNow"/>.</param>
    public static async Task<TokenReading> CheckAsync(JsonWebToken token, TokenValidationParameters rules)
    {
        if (!rules.ValidAlgorithms.Contains(token.Alg))
        {
            return new TokenReading.Bad("The token is signed in a way that is not taken here.");
        }

        if (token.TryGetHeaderValue<object>("crit", out _))
        {
            return new TokenReading.Bad("The token asks for what is not understood here (crit).");
        }

        var result = await Handler.ValidateTokenAsync(token, rules);
        if (!result.IsValid)
        {
            return new TokenReading.Bad(Words(result.Exception));
        }

        return TokenClaims.Parse(Base64UrlEncoder.DecodeBytes(token.EncodedPayload)) is { } claims
            ? new TokenReading.Good(claims)
            : new TokenReading.Bad("The token cannot be read.");
    }

    private static string Words(Exception? exception) =>
        exception switch
        {
            SecurityTokenInvalidAudienceException => "The token is for somebody else (aud).",
            SecurityTokenInvalidIssuerException => "The token is from somebody else (iss).",
            _ => "The token's signature is not right.",
        };
}

/// <summary>What came of looking at a token.</summary>
internal abstract record TokenReading
{
    private TokenReading() { }

    public sealed record Good(TokenClaims Claims) : TokenReading;

    /// <param name="Reason">For the caller.</param>
    public sealed record Bad(string Reason) : TokenReading;
}
