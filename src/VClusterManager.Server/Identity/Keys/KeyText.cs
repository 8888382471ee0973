using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace VClusterManager.Server.Identity.Keys;

/// <summary>
/// How an API key looks that is made over the API: a prefix by which people and scanners for secrets recognise it, and
/// 256 random bits.
/// </summary>
internal static class KeyText
{
    public const string Prefix = "vcm_";

    private const int Bytes = 32;
    private const int HintLength = 8;

    private static readonly int RandomLength = Base64Url.GetEncodedLength(Bytes);

    public static string New() => New(Prefix);

    /// <param name="prefix">Other credentials look alike, but for how they begin.</param>
    public static string New(string prefix) => prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>Enough to tell keys apart, and 24 of their bits.</summary>
    public static string HintOf(string key) => key[..HintLength];

    public static bool LooksLikeOne(string text) => LooksLikeOne(text, Prefix);

    public static bool LooksLikeOne(string text, string prefix) =>
        text.Length == prefix.Length + RandomLength && text.StartsWith(prefix, StringComparison.Ordinal);

    /// <summary>A key has all of its bits from a random generator: one round of a fast hash is enough.</summary>
    public static byte[] HashOf(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}

/// <summary>A SHA-256 as a place in a dictionary. Where it leads is compared in constant time afterwards.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct KeyPlace(ulong A, ulong B, ulong C, ulong D)
{
    public static KeyPlace Of(ReadOnlySpan<byte> hash)
    {
        var parts = MemoryMarshal.Cast<byte, ulong>(hash);
        return new KeyPlace(parts[0], parts[1], parts[2], parts[3]);
    }
}
