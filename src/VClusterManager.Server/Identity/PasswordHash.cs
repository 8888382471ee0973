using System.Buffers.Binary;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace VClusterManager.Server.Identity;

/// <summary>
/// Passwords as ASP.NET Core Identity hashes them: PBKDF2 with HMAC-SHA512 and a salt. The form (version 3) is one byte
/// 0x01, then in big-endian 32-bit numbers the hash function (2: SHA-512), the iterations and the length of the salt.
/// </summary>
internal static class PasswordHash
{
    /// <summary>What OWASP asks for HMAC-SHA512, and a little more than the hasher's own default.</summary>
    public const int Iterations = 210_000;

    private const int FewestIterations = 100_000;
    private const int MostIterations = 2_000_000;
    private const int Header = 13;
    private const byte Version3 = 0x01;
    private const uint Sha512 = 2;

    private static readonly PasswordHasher<object> Hasher = new(
        Options.Create(new PasswordHasherOptions { IterationCount = Iterations })
    );

    private static readonly object Nobody = new();

    public static string Of(string password) => Hasher.HashPassword(Nobody, password);

    /// <summary>Takes as long whatever the password is.</summary>
    public static bool Verify(string hash, string password) =>
        Hasher.VerifyHashedPassword(Nobody, hash, password) != PasswordVerificationResult.Failed;

    /// <summary>Of that form, with enough iterations, and not with so many that a login takes minutes.</summary>
    public static bool IsUsable(string hash) => IterationsOf(hash) is >= FewestIterations and <= MostIterations;

    /// <summary>0: not of that form.</summary>
    public static int IterationsOf(string hash)
    {
        var bytes = new byte[hash.Length];
        if (!Convert.TryFromBase64String(hash, bytes, out var length) || length < Header + 32 || bytes[0] != Version3)
        {
            return 0;
        }

        var (function, iterations, salt) = (Number(1), Number(5), Number(9));
        return
            function == Sha512 && salt is >= 16 and <= 64 && length >= Header + salt + 16 && iterations <= int.MaxValue
            ? (int)iterations
            : 0;

        uint Number(int at) => BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at));
    }

    /// <summary>A hash that no password has, as costly as the given one.</summary>
    public static string LikeButOfNothing(string hash)
    {
        var bytes = Convert.FromBase64String(hash);
        RandomNumberGenerator.Fill(bytes.AsSpan(Header));
        return Convert.ToBase64String(bytes);
    }
}
