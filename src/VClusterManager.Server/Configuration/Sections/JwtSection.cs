using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using VClusterManager.Server.Configuration.Keys;
using VClusterManager.Server.Configuration.Raw;

namespace VClusterManager.Server.Configuration.Sections;

/// <summary>Tokens that the manager signs itself.</summary>
internal static class JwtSection
{
    public static readonly KeySection Section = new(
        "auth.jwt",
        "Tokens for those in `auth.users`: `POST /token` takes a name and a password and gives one. Off until there is a "
            + "`secret_key` or a `key_file`. A token that somebody else has signed with it, with the claims `sub`, "
            + "`username`, `scope` (`viewer`, `api` for editors, `admin`) and `exp`, is taken as well."
    );

    private static readonly string[] Algorithms =
    [
        "HS256",
        "HS384",
        "HS512",
        "RS256",
        "RS384",
        "RS512",
        "PS256",
        "PS384",
        "PS512",
        "ES256",
        "ES384",
        "ES512",
    ];

    private static readonly Key<string> SecretKey = Section.Add(
        new Key<string>(Types.Text("text of at most 1024 characters", "^[^\\r\\n]+$", 1024))
        {
            Name = "secret_key",
            DefaultWords = "no tokens",
            ShortVariable = "JWT_SECRET_KEY",
            Secret = true,
            Doc =
                "The secret that tokens are signed with, for HS256 (at least 32 bytes), HS384 (48) and HS512 (64): "
                + "`openssl rand -base64 48`. Whoever knows it can be anybody. A new one ends all tokens.",
        }
    );

    private static readonly Key<string> Algorithm = Section.Add(
        new Key<string>(
            new ScalarType<string>(
                $"one of {string.Join(", ", Algorithms)}",
                ScalarKinds.Text,
                new() { ["enum"] = new JsonArray([.. Algorithms]) },
                s => Parsed.When(Algorithms.Contains(s.Text), s.Text)
            )
        )
        {
            Name = "algorithm",
            Default = "HS256",
            ShortVariable = "JWT_ALGORITHM",
            Doc = "How tokens are signed. A token that says anything else of itself is refused.",
        }
    );

    private static readonly Key<string> KeyFile = Section.Add(
        new Key<string>(Types.FilePath)
        {
            Name = "key_file",
            DefaultWords = "no tokens",
            ShortVariable = "JWT_KEY_FILE",
            Doc =
                "A PEM file with the private key for RS, PS (RSA, at least 2048 bits) and ES (P-256, P-384, P-521). It takes "
                + "the place of `secret_key`.",
        }
    );

    private static readonly Key<int> ExpireMinutes = Section.Add(
        new Key<int>(Types.Integer(1, 1440))
        {
            Name = "token_expire_minutes",
            Default = "30",
            ShortVariable = "ACCESS_TOKEN_EXPIRE_MINUTES",
            Doc = "How long a token lasts that `/token` gives. It cannot be revoked before.",
        }
    );

    private static readonly Key<string> Issuer = Section.Add(
        new Key<string>(Types.Text("text without spaces", "^[!-~]+$", 500))
        {
            Name = "issuer",
            DefaultWords = "not looked at",
            Doc = "The `iss` of our tokens; one that says another is refused.",
        }
    );

    private static readonly Key<string> Audience = Section.Add(
        new Key<string>(Types.Text("text without spaces", "^[!-~]+$", 500))
        {
            Name = "audience",
            DefaultWords = "not looked at",
            Doc = "The `aud` of our tokens; one that is for others is refused.",
        }
    );

    /// <returns><see langword="null"/>: there are no tokens.</returns>
    public static JwtOptions? Read(ConfigurationValues values)
    {
        var algorithm = values.Get(Algorithm);
        var secret = values.Find(SecretKey);
        var file = values.Find(KeyFile);
        var isSymmetric = algorithm[0] == 'H';
        if ((isSymmetric ? file : secret) is not null)
        {
            values.Fail(
                isSymmetric ? KeyFile : SecretKey,
                $"does not go with {algorithm} ({Algorithm.Path}): that takes {(isSymmetric ? SecretKey.Path : KeyFile.Path)}"
            );
            return null;
        }

        var pem = file is null ? null : values.ReadFile(file);
        var wrong =
            secret is not null ? WrongSecret(secret, algorithm)
            : file is not null && pem is null ? $"there is no file {file}, or it cannot be read"
            : pem is not null ? WrongKey(pem, algorithm)
            : null;
        if (wrong is not null && values.AreValid(Algorithm, SecretKey, KeyFile))
        {
            values.Fail(secret is not null ? SecretKey : KeyFile, wrong);
        }

        return secret is null && pem is null || wrong is not null
            ? null
            : new JwtOptions
            {
                Algorithm = algorithm,
                Secret = secret is null ? null : Encoding.UTF8.GetBytes(secret),
                PrivateKey = pem,
                Lifetime = TimeSpan.FromMinutes(values.Get(ExpireMinutes)),
                Issuer = values.Find(Issuer),
                Audience = values.Find(Audience),
            };
    }

    /// <summary>As long as the hash, or it is easier to guess than to forge (RFC 7518, 3.2).</summary>
    private static string? WrongSecret(string secret, string algorithm)
    {
        var (needed, has) = (Bits(algorithm) / 8, Encoding.UTF8.GetByteCount(secret));
        return has >= needed ? null : $"must have at least {needed} bytes for {algorithm}; it has {has}";
    }

    private static string? WrongKey(string pem, string algorithm)
    {
        try
        {
            if (algorithm[0] == 'E')
            {
                using var curve = ECDsa.Create();
                curve.ImportFromPem(pem);
                var needed = algorithm == "ES512" ? 521 : Bits(algorithm);
                return curve.KeySize != needed ? $"must be a key on P-{needed} for {algorithm}"
                    : curve.ExportParameters(includePrivateParameters: true).D is null ? NoPrivateKey
                    : null;
            }

            using var rsa = RSA.Create();
            rsa.ImportFromPem(pem);
            return rsa.KeySize < 2048 ? $"must have at least 2048 bits; it has {rsa.KeySize}"
                : rsa.ExportParameters(includePrivateParameters: true).D is null ? NoPrivateKey
                : null;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            return $"must be a PEM file with an unencrypted private key for {algorithm}";
        }
    }

    private const string NoPrivateKey = "must hold a private key: tokens are signed with it";

    private static int Bits(string algorithm) => int.Parse(algorithm.AsSpan(2));
}
