using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Json;
using VClusterManager.Sandbox.Resources;
using VClusterManager.Sandbox.Store;

namespace VClusterManager.Sandbox.Authentication;

/// <summary>
/// Tokens of service accounts: signed by the cluster, bound to the account's uid, so that they end with it.
/// </summary>
internal sealed class ServiceAccountTokens(ECDsa key, ObjectStore store, TimeProvider time)
{
    public const string Issuer = "https://kubernetes.default.svc";

    private const string CredentialId = "authentication.kubernetes.io/credential-id";

    /// <summary>Makes a token; without an end it is one of the old kind that lies in a Secret.</summary>
    public string Issue(string ns, string name, string uid, IReadOnlyList<string> audiences, DateTimeOffset? expires)
    {
        var now = time.GetUtcNow();
        var account = new JsonObject { ["name"] = name, ["uid"] = uid };
        var claims = new JsonObject
        {
            ["aud"] = new JsonArray([.. audiences.Select(audience => (JsonNode)audience)]),
            ["iat"] = now.ToUnixTimeSeconds(),
            ["iss"] = Issuer,
            ["jti"] = Guid.NewGuid().ToString(),
            ["kubernetes.io"] = new JsonObject { ["namespace"] = ns, ["serviceaccount"] = account },
            ["nbf"] = now.ToUnixTimeSeconds(),
            ["sub"] = $"system:serviceaccount:{ns}:{name}",
        };
        if (expires is { } end)
        {
            claims["exp"] = end.ToUnixTimeSeconds();
        }

        var header = new JsonObject { ["alg"] = "ES256", ["kid"] = KeyId };
        var signed = $"{Encode(GoJson.Compact(header))}.{Encode(GoJson.Compact(claims))}";
        return $"{signed}.{Encode(key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256))}";
    }

    /// <summary>Whose token it is; null when it is not ours, over, or its account is gone.</summary>
    public Identity? Read(string token)
    {
        if (Verify(token) is not { } claims)
        {
            return null;
        }

        if (claims.Number("exp") is { } end && time.GetUtcNow().ToUnixTimeSeconds() > end)
        {
            return null;
        }

        // One for somebody else (a vault, a cloud) opens nothing here.
        if (!claims.Texts("aud").Contains(Issuer))
        {
            return null;
        }

        var ns = claims.Text("kubernetes.io", "namespace") ?? "";
        var name = claims.Text("kubernetes.io", "serviceaccount", "name") ?? "";
        var uid = claims.Text("kubernetes.io", "serviceaccount", "uid") ?? "";
        if (store.Find(ResourceCatalog.ServiceAccounts, ns, name)?.Uid != uid)
        {
            return null;
        }

        return new Identity(
            $"system:serviceaccount:{ns}:{name}",
            ["system:serviceaccounts", $"system:serviceaccounts:{ns}", Identity.Authenticated],
            uid
        )
        {
            Extra = new Dictionary<string, string> { [CredentialId] = $"JTI={claims.Text("jti")}" },
        };
    }

    /// <summary>The signing key, to be read back by the next run.</summary>
    public string KeyPem => key.ExportPkcs8PrivateKeyPem();

    private string KeyId => Encode(SHA256.HashData(key.ExportSubjectPublicKeyInfo()));

    private JsonObject? Verify(string token)
    {
        var parts = token.Split('.');
        if (parts.Length != 3)
        {
            return null;
        }

        try
        {
            var signed = Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}");
            return key.VerifyData(signed, Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256)
                ? JsonNode.Parse(Base64Url.DecodeFromChars(parts[1])) as JsonObject
                : null;
        }
        catch (Exception exception) when (exception is FormatException or JsonException)
        {
            return null;
        }
    }

    private static string Encode(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(bytes);
}
