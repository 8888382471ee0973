using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using VClusterManager.Server.Configuration.Raw;
using VClusterManager.Server.Identity;

namespace VClusterManager.Server.Configuration.Keys;

/// <summary>An API key as configuration holds it: always hashed, the plain one is not kept.</summary>
internal sealed record ApiKeyEntry(byte[] Hash, Role Role, DateTimeOffset? Expires, Limits Limits);

/// <summary>The key itself, or a map with its hash, its role, its end and its limits.</summary>
internal sealed class ApiKeyType : KeyType<ApiKeyEntry>
{
    private const int MinLength = 16;
    private const int MaxLength = 512;

    private static readonly PlainKeyType Plain = new();

    public override string Words =>
        $"a key of {MinLength} to {MaxLength} printable characters without spaces, or a map with hash (or key), role, expires";

    public override JsonObject Schema() =>
        new()
        {
            ["oneOf"] = new JsonArray(
                Plain.Schema(),
                new JsonObject
                {
                    ["type"] = "object",
                    ["properties"] = EntryReader.WithLimits(
                        new JsonObject
                        {
                            ["hash"] = AuthTypes.Sha256.Schema(),
                            ["key"] = Plain.Schema(),
                            ["role"] = AuthTypes.Role.Schema(),
                            ["expires"] = AuthTypes.Time.Schema(),
                        }
                    ),
                    ["oneOf"] = new JsonArray(Required("hash"), Required("key")),
                    ["additionalProperties"] = false,
                }
            ),
        };

    public override bool TryRead(RawNode node, Reading at, out ApiKeyEntry value)
    {
        value = null!;
        if (node is RawMap map)
        {
            return TryReadMap(map, at, out value);
        }

        if (!Plain.TryRead(node, at, out var hash))
        {
            return false;
        }

        value = new ApiKeyEntry(hash, Role.Editor, Expires: null, Limits.None);
        return true;
    }

    private static bool TryReadMap(RawMap map, Reading at, out ApiKeyEntry value)
    {
        EntryReader entry = new(map, at);
        var hash = entry.Find("hash", AuthTypes.Sha256);
        var plain = entry.Find("key", Plain);
        var role = entry.FindValue("role", AuthTypes.Role) ?? Role.Editor;
        var expires = entry.FindValue("expires", AuthTypes.Time);
        var limits = entry.Limits();
        var valid = entry.End();
        var both = entry.Has("hash") && entry.Has("key");
        if (valid && (both || (hash ?? plain) is null))
        {
            entry.Refuse(both ? "has both hash and key: give one" : "needs a hash (or a key)");
        }

        if (valid && limits.WrongFor(role) is { } wrong)
        {
            entry.Refuse(wrong);
        }

        value = entry.IsValid ? new ApiKeyEntry((hash ?? plain)!, role, expires, limits) : null!;
        return entry.IsValid;
    }

    private static JsonObject Required(string name) => new() { ["required"] = new JsonArray(name) };

    /// <summary>The key itself, turned into its hash as it is read.</summary>
    private sealed class PlainKeyType : KeyType<byte[]>
    {
        public override string Words => "a key";

        public override JsonObject Schema() =>
            new()
            {
                ["type"] = "string",
                ["minLength"] = MinLength,
                ["maxLength"] = MaxLength,
                ["pattern"] = "^[!-~]+$",
            };

        public override bool TryRead(RawNode node, Reading at, out byte[] value)
        {
            value = [];
            if (node is not RawScalar { IsNull: false } scalar || !scalar.Kind.HasFlag(ScalarKinds.Text))
            {
                return Refuse(node, at, "must be text: put a key that is all digits in quotes");
            }

            if (scalar.Text.Length is < MinLength or > MaxLength)
            {
                return Refuse(
                    node,
                    at,
                    $"must have {MinLength} to {MaxLength} characters; it has {scalar.Text.Length}"
                );
            }

            if (!scalar.Text.All(char.IsAscii) || scalar.Text.Any(c => char.IsControl(c) || char.IsWhiteSpace(c)))
            {
                return Refuse(node, at, "must be printable ASCII without spaces: it travels in a header");
            }

            value = SHA256.HashData(Encoding.UTF8.GetBytes(scalar.Text));
            return true;
        }

        private static bool Refuse(RawNode node, Reading at, string why)
        {
            at.Fail(node, why);
            return false;
        }
    }
}
