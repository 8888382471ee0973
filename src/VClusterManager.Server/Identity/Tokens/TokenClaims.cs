using System.Text.Json;

namespace VClusterManager.Server.Identity.Tokens;

/// <summary>What a token says, once its signature was found to be right. Pure.</summary>
internal sealed class TokenClaims
{
    /// <summary>How far clocks may be apart.</summary>
    public static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);

    private const int LongestName = 253;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    private readonly JsonElement _claims;

    private TokenClaims(JsonElement claims) => _claims = claims;

    /// <returns><see langword="null"/>: it is no object, or says something twice.</returns>
    public static TokenClaims? Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Strict);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? new TokenClaims(document.RootElement.Clone())
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The claim of that name, or the one that the path leads to (<c>realm_access.roles</c>).</summary>
    public JsonElement? Find(string name)
    {
        if (_claims.TryGetProperty(name, out var direct))
        {
            return direct;
        }

        var at = _claims;
        foreach (var part in name.Split('.'))
        {
            if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(part, out at))
            {
                return null;
            }
        }

        return at;
    }

    public string? Text(string name) => Find(name) is { } claim ? TextOf(claim) : null;

    /// <summary>Its texts: one, or those of a list. Numbers and booleans count as they are written.</summary>
    public IEnumerable<string> Texts(string name) =>
        Find(name) switch
        {
            null => [],
            { ValueKind: JsonValueKind.Array } list => list.EnumerateArray().Select(TextOf).OfType<string>(),
            { } one => TextOf(one) is { } text ? [text] : [],
        };

    /// <summary>A name that can be shown and stored; <see langword="null"/>: there is none.</summary>
    public string? Name(string claim) =>
        Text(claim) is { Length: > 0 and <= LongestName } name
        && !name.Any(c => char.IsControl(c) || char.IsSurrogate(c) || c is '\u2028' or '\u2029')
            ? name
            : null;

    /// <summary>A time in seconds since 1970; <see langword="null"/>: there is none, or it is no time.</summary>
    public DateTimeOffset? Time(string name) =>
        Find(name) is { ValueKind: JsonValueKind.Number } number
        && number.TryGetDouble(out var seconds)
        && seconds is >= 0 and < 253_402_300_799
            ? DateTimeOffset.UnixEpoch.AddSeconds(seconds)
            : null;

    /// <summary>Why it does not count now; <see langword="null"/>: it does.</summary>
    public string? NotNow(DateTimeOffset now)
    {
        if (Time("exp") is not { } end)
        {
            return "The token has no end (exp).";
        }

        if (Find("nbf") is not null && Time("nbf") is not { } || Time("nbf") > now + Skew)
        {
            return "The token does not count yet (nbf).";
        }

        return end <= now - Skew ? "The token has expired." : null;
    }

    private static string? TextOf(JsonElement claim) =>
        claim.ValueKind switch
        {
            JsonValueKind.String => Decoded(claim),
            JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => claim.GetRawText(),
            _ => null,
        };

    private static string? Decoded(JsonElement claim)
    {
        try
        {
            return claim.GetString();
        }
        catch (InvalidOperationException)
        {
            // Half a character: no text.
            return null;
        }
    }
}
