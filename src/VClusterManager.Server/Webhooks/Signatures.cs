using System.Security.Cryptography;
using System.Text;

namespace VClusterManager.Server.Webhooks;

/// <summary>
/// Proofs that somebody knows a secret. Pure, and as quick for a wrong one as for a right one: every secret is tried, and
/// all bytes are compared.
/// </summary>
internal static class Signatures
{
    private const string Algorithm = "sha256=";

    /// <summary>A header with the HMAC-SHA256 of the body, as <c>sha256=</c> and small hexadecimal digits.</summary>
    /// <param name="given">The header; <see langword="null"/>: there is none.</param>
    public static bool IsSigned(string? given, ReadOnlySpan<byte> body, IReadOnlyList<string> secrets)
    {
        var proof = Encoding.UTF8.GetBytes(given ?? "");
        var matches = false;
        foreach (var secret in secrets)
        {
            matches |= CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Of(secret, body)), proof);
        }

        return matches;
    }

    /// <summary>A header with the secret itself. Hashes are compared, so that not even its length shows.</summary>
    public static bool IsKnown(string? given, IReadOnlyList<string> secrets)
    {
        var proof = SHA256.HashData(Encoding.UTF8.GetBytes(given ?? ""));
        var matches = false;
        foreach (var secret in secrets)
        {
            matches |= CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(secret)), proof);
        }

        return matches;
    }

    public static string Of(string secret, ReadOnlySpan<byte> body) =>
        Algorithm + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body));
}
