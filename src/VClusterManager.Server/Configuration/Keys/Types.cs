using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using VClusterManager.Server.Configuration.Raw;

namespace VClusterManager.Server.Configuration.Keys;

/// <summary>The types that keys are made of.</summary>
internal static class Types
{
    public static KeyType<bool> Boolean { get; } =
        new ScalarType<bool>(
            "true or false",
            ScalarKinds.Boolean,
            [],
            s =>
                s.Text.ToUpperInvariant() switch
                {
                    "TRUE" => Parsed.From(true),
                    "FALSE" => Parsed.From(false),
                    "1" or "YES" when s.Origin.Variable is not null => Parsed.From(true),
                    "0" or "NO" when s.Origin.Variable is not null => Parsed.From(false),
                    _ => Parsed.Not<bool>(),
                }
        );

    /// <summary>A switch whose variable is often set by habit: anything but true, 1, yes is off, and no error.</summary>
    public static KeyType<bool> LenientBoolean { get; } =
        new ScalarType<bool>(
            "true or false",
            ScalarKinds.Boolean,
            [],
            s =>
                s.Text.ToUpperInvariant() switch
                {
                    "TRUE" => Parsed.From(true),
                    "FALSE" => Parsed.From(false),
                    "1" or "YES" => Parsed.When(s.Origin.Variable is not null, value: true),
                    _ => Parsed.When(s.Origin.Variable is not null, value: false),
                }
        );

    /// <summary>An address of this machine.</summary>
    public static KeyType<IPAddress> Address { get; } =
        new ScalarType<IPAddress>(
            "an IP address of this machine (0.0.0.0 and :: for all of them) or localhost",
            ScalarKinds.Text,
            [],
            s =>
                s.Text == "localhost" ? Parsed.From(IPAddress.Loopback)
                : IPAddress.TryParse(s.Text, out var address) ? Parsed.From(address)
                : Parsed.Not<IPAddress>()
        );

    /// <summary>Addresses of others: one, or all of a network.</summary>
    public static KeyType<IPNetwork> Network { get; } =
        new ScalarType<IPNetwork>(
            "an IP address, or a network such as 10.0.0.0/16",
            ScalarKinds.Text,
            new() { ["pattern"] = "^[0-9A-Fa-f.:]+(/[0-9]{1,3})?$" },
            s =>
                IPNetwork.TryParse(s.Text, out var network) ? Parsed.From(network)
                : IPAddress.TryParse(s.Text, out var address)
                    ? Parsed.From(new IPNetwork(address, address.GetAddressBytes().Length * 8))
                : Parsed.Not<IPNetwork>()
        );

    /// <summary>A file or folder, made absolute.</summary>
    public static KeyType<string> FilePath { get; } =
        new ScalarType<string>(
            "a path",
            ScalarKinds.Text,
            new() { ["minLength"] = 1 },
            s => Parsed.When(!string.IsNullOrWhiteSpace(s.Text), s.AsPath)
        );

    /// <summary>A program: a bare name is left as it is, to be found on PATH.</summary>
    public static KeyType<string> Executable { get; } =
        new ScalarType<string>(
            "a path, or a name to be found on PATH",
            ScalarKinds.Text,
            new() { ["minLength"] = 1 },
            s => Parsed.When(!string.IsNullOrWhiteSpace(s.Text), s.Text.Contains('/') ? s.AsPath : s.Text)
        );

    public static KeyType<int> Integer(int min, int max) =>
        new ScalarType<int>(
            $"a whole number from {min} to {max}",
            ScalarKinds.Number,
            new()
            {
                ["type"] = "integer",
                ["minimum"] = min,
                ["maximum"] = max,
            },
            s => Parsed.When(int.TryParse(s.Text, out var number) && number >= min && number <= max, number)
        );

    /// <param name="pattern">Anchored, and understood the same by .NET and by JavaScript.</param>
    public static KeyType<string> Text(string words, [StringSyntax("Regex")] string pattern, int maxLength) =>
        Text(words, pattern, maxLength, ScalarKinds.Text);

    /// <summary>A version such as 1.30, which YAML would take for the number 1.3: it is read as it was written.</summary>
    public static KeyType<string> Version(string words, [StringSyntax("Regex")] string pattern, int maxLength) =>
        Text(words, pattern, maxLength, ScalarKinds.Text | ScalarKinds.Number);

    public static KeyType<TimeSpan> Duration(TimeSpan min, TimeSpan max) =>
        new ScalarType<TimeSpan>(
            $"a duration such as 90s, 3m or 1h30m, from {DurationText.Format(min)} to {DurationText.Format(max)}",
            ScalarKinds.Text,
            new() { ["pattern"] = DurationText.Pattern },
            s => Parsed.When(DurationText.TryParse(s.Text, out var time) && time >= min && time <= max, time)
        );

    private static ScalarType<string> Text(string words, string pattern, int maxLength, ScalarKinds accepts)
    {
        Regex regex = new(pattern, RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture);
        JsonObject schema = new() { ["maxLength"] = maxLength, ["pattern"] = pattern };
        return new(
            words,
            accepts,
            schema,
            s => Parsed.When(s.Text.Length <= maxLength && regex.IsMatch(s.Text) && !s.Text.Contains('\n'), s.Text)
        );
    }
}
