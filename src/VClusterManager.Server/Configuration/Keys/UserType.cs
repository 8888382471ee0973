using System.Text.Json.Nodes;
using VClusterManager.Server.Configuration.Raw;
using VClusterManager.Server.Identity;

namespace VClusterManager.Server.Configuration.Keys;

/// <summary>Somebody with a password, as configuration has it.</summary>
internal sealed record UserEntry(string PasswordHash, Role Role, Limits Limits);

/// <summary>A map with the hash of a password, a role and limits.</summary>
internal sealed class UserType : KeyType<UserEntry>
{
    private static readonly KeyType<string> Hash = new ScalarType<string>(
        "a hash as `vcluster-manager hash-password` writes it",
        ScalarKinds.Text,
        new() { ["pattern"] = "^[A-Za-z0-9+/]+=*$" },
        s => PasswordHash.IsUsable(s.Text) ? Parsed.From(s.Text) : Parsed.Not<string>()
    );

    public override string Words => "a map with password_hash, role";

    public override JsonObject Schema() =>
        new()
        {
            ["type"] = "object",
            ["properties"] = EntryReader.WithLimits(
                new JsonObject { ["password_hash"] = Hash.Schema(), ["role"] = AuthTypes.Role.Schema() }
            ),
            ["required"] = new JsonArray("password_hash"),
            ["additionalProperties"] = false,
        };

    public override bool TryRead(RawNode node, Reading at, out UserEntry value)
    {
        value = null!;
        if (node is not RawMap map)
        {
            at.FailAsNot(node, Words);
            return false;
        }

        EntryReader entry = new(map, at);
        var hash = entry.Find("password_hash", Hash);
        var role = entry.FindValue("role", AuthTypes.Role) ?? Role.Editor;
        var limits = entry.Limits();
        var valid = entry.End();
        if (valid && hash is null)
        {
            entry.Refuse("needs a password_hash");
        }

        if (valid && limits.WrongFor(role) is { } wrong)
        {
            entry.Refuse(wrong);
        }

        value = entry.IsValid ? new UserEntry(hash!, role, limits) : null!;
        return entry.IsValid;
    }
}
