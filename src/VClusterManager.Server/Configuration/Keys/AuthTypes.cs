using System.Globalization;
using System.Text.Json.Nodes;
using VClusterManager.Server.Configuration.Raw;
using VClusterManager.Server.Identity;

namespace VClusterManager.Server.Configuration.Keys;

/// <summary>The types that entries of <c>auth</c> are made of.</summary>
internal static class AuthTypes
{
    private static readonly string[] RoleNames = [.. Enum.GetValues<Role>().Select(role => role.ToWord())];

    public static KeyType<Role> Role { get; } =
        new ScalarType<Role>(
            $"one of {string.Join(", ", RoleNames)}",
            ScalarKinds.Text,
            new() { ["enum"] = new JsonArray([.. RoleNames]) },
            s => Parsed.When(Roles.TryParse(s.Text, out var role), role)
        );

    /// <summary>With an offset: a time without one means something else on every machine.</summary>
    public static KeyType<DateTimeOffset> Time { get; } =
        new ScalarType<DateTimeOffset>(
            "a time such as 2027-01-31T00:00:00Z",
            ScalarKinds.Text,
            new() { ["format"] = "date-time" },
            s => ParseTime(s.Text)
        );

    public static KeyType<byte[]> Sha256 { get; } =
        new ScalarType<byte[]>(
            "the SHA-256 of the key as 64 hexadecimal digits",
            ScalarKinds.Text | ScalarKinds.Number,
            new() { ["pattern"] = "^[0-9a-fA-F]{64}$" },
            s =>
                s.Text.Length == 64 && s.Text.All(char.IsAsciiHexDigit)
                    ? Parsed.From(Convert.FromHexString(s.Text))
                    : Parsed.Not<byte[]>()
        );

    /// <summary>Namespaces that somebody is bound to.</summary>
    public static KeyType<IReadOnlyList<string>> Namespaces { get; } =
        new ListType<string>(
            "a list of namespaces, in which * stands for any text",
            Types.Text(NamespacePattern.Words, NamespacePattern.Expression, NamespacePattern.MaxLength)
        );

    private static Parsed<DateTimeOffset> ParseTime(string text)
    {
        string[] formats = ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];
        var zoned = text.EndsWith('Z') || text.LastIndexOfAny(['+', '-']) > "yyyy-MM-dd".Length;
        return DateTimeOffset.TryParseExact(text, formats, null, DateTimeStyles.None, out var time) && zoned
            ? Parsed.From(time.ToUniversalTime())
            : Parsed.Not<DateTimeOffset>();
    }
}
