using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace VClusterManager.Server.Webhooks;

/// <summary>What all providers' events have in common. Pure.</summary>
internal static partial class EventParts
{
    private const int MaxHeader = 200;

    public static WebhookEvent NotJson { get; } = new WebhookEvent.Unreadable("The body is not JSON.");

    /// <summary>A header as it is kept: short, and printable.</summary>
    public static string? Header(HeaderSource headers, string name) =>
        headers(name) is { Length: > 0 and <= MaxHeader } text && text.All(c => c is >= ' ' and <= '~') ? text : null;

    /// <summary>What tells deliveries apart that have no id.</summary>
    public static string HashOf(ReadOnlySpan<byte> body) => Convert.ToHexStringLower(SHA256.HashData(body))[..32];

    public static WebhookEvent OtherThan(string what, string eventName) =>
        new WebhookEvent.Other($"The event {eventName} is about something else than {what}.");

    public static WebhookEvent Missing(string what) => new WebhookEvent.Unreadable($"It does not say {what}.");

    /// <summary>Names as they come in addresses: nothing that would lead elsewhere when it is put into one.</summary>
    /// <returns><see langword="null"/>: none.</returns>
    public static string? Repository(string? name) =>
        name is { Length: <= 200 } && RepositoryName.IsMatch(name) && !name.Split('/').Any(IsWay) ? name : null;

    public static string? Commit(string? sha) => sha is not null && Sha.IsMatch(sha) ? sha.ToLowerInvariant() : null;

    private static bool IsWay(string part) => part is "." or "..";

    [GeneratedRegex("^[~A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)+$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex RepositoryName { get; }

    [GeneratedRegex("^[0-9a-fA-F]{7,64}$", RegexOptions.None, 1000)]
    private static partial Regex Sha { get; }
}
