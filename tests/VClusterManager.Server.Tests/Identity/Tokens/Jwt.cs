using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace VClusterManager.Server.Tests.Identity.Tokens;

/// <summary>Tokens put together by hand, also those that no library would make.</summary>
internal static class Jwt
{
    public const string Secret = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    public static long Seconds(DateTimeOffset at) => at.ToUnixTimeSeconds();

    public static string Hmac(object claims, string secret = Secret, string algorithm = "HS256") =>
        Signed(
            new { alg = algorithm, typ = "JWT" },
            claims,
            text =>
                algorithm switch
                {
                    "HS384" => HMACSHA384.HashData(Encoding.UTF8.GetBytes(secret), text),
                    "HS512" => HMACSHA512.HashData(Encoding.UTF8.GetBytes(secret), text),
                    _ => HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), text),
                }
        );

    public static string Rsa(object claims, RSA key, string? kid, string algorithm = "RS256") =>
        Signed(
            kid is null ? new { alg = algorithm } : new { alg = algorithm, kid },
            claims,
            text => key.SignData(text, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
        );

    public static string Ec(object claims, ECDsa key, string? kid) =>
        Signed(
            kid is null ? new { alg = "ES256" } : new { alg = "ES256", kid },
            claims,
            text => key.SignData(text, HashAlgorithmName.SHA256)
        );

    /// <param name="head">An object, or the text itself.</param>
    public static string Signed(object head, object claims, Func<byte[], byte[]> sign)
    {
        var text = $"{Part(head)}.{Part(claims)}";
        return $"{text}.{Base64Url.EncodeToString(sign(Encoding.ASCII.GetBytes(text)))}";
    }

    /// <summary>The same token with other claims, and the old signature.</summary>
    public static string With(string token, object claims)
    {
        var parts = token.Split('.');
        return $"{parts[0]}.{Part(claims)}.{parts[2]}";
    }

    private static string Part(object value) =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes(value as string ?? JsonSerializer.Serialize(value)));
}
