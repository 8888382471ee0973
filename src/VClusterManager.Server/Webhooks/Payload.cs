using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using VClusterManager.Server.Storage;

namespace VClusterManager.Server.Webhooks;

/// <summary>
/// A place in somebody's JSON, which need not be there. Providers leave things away, and add to them: what is missing or of
/// another type than expected is null, and nothing throws. Text is one that can be stored, and is not long.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct Payload(JsonElement? element)
{
    private const int MaxText = 300;
    private const int MaxItems = 100;

    private static readonly JsonDocumentOptions s_options = new() { MaxDepth = 64 };

    private readonly JsonElement? _element = element;

    /// <summary>A member; nothing, where this is no object or has none of that name.</summary>
    public Payload this[string name]
    {
        get
        {
            try
            {
                return _element is { ValueKind: JsonValueKind.Object } map && map.TryGetProperty(name, out var member)
                    ? new Payload(member)
                    : default;
            }
            catch (InvalidOperationException)
            {
                // Half a character in another member's name.
                return default;
            }
        }
    }

    public bool IsObject => _element is { ValueKind: JsonValueKind.Object };

    /// <summary><see langword="null"/>: none, an empty one, or one that is too long to be true.</summary>
    public string? Text => Whole is { Length: > 0 and <= MaxText } text ? StorableText.Clean(text) : null;

    /// <summary>Of text of whatever length: a comment.</summary>
    public bool Contains(string part) => Whole?.Contains(part, StringComparison.Ordinal) == true;

    private string? Whole
    {
        get
        {
            try
            {
                return _element is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
            }
            catch (InvalidOperationException)
            {
                // Half a character.
                return null;
            }
        }
    }

    public long? Number =>
        _element is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var value) ? value : null;

    /// <summary>Counted from 1, as pull requests are.</summary>
    public int? Ordinal => Number is > 0 and <= int.MaxValue and var value ? (int)value : null;

    public bool? Flag =>
        _element?.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => null,
        };

    /// <summary>In one of the forms that providers write: RFC 3339, <c>2017-09-15 16:50:55 UTC</c>, milliseconds since 1970.</summary>
    public DateTimeOffset? Time
    {
        get
        {
            if (Number is { } milliseconds)
            {
                return milliseconds is > 0 and < 253_402_300_799_999
                    ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
                    : null;
            }

            var text = Text?.Replace(" UTC", "Z", StringComparison.Ordinal);
            return DateTimeOffset.TryParse(
                text,
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
                out var time
            )
                ? time
                : null;
        }
    }

    /// <summary>Of a list; nothing, where it is none.</summary>
    public IEnumerable<Payload> Items =>
        _element is { ValueKind: JsonValueKind.Array } list
            ? list.EnumerateArray().Take(MaxItems).Select(item => new Payload(item))
            : [];

    /// <summary>An address of the web for people to follow.</summary>
    public string? WebAddress =>
        Uri.TryCreate(Text, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp)
        && uri.UserInfo.Length == 0
            ? uri.AbsoluteUri
            : null;

    /// <param name="document">To be disposed of by the caller, who reads until then.</param>
    public static bool TryRead(
        ReadOnlyMemory<byte> body,
        out Payload payload,
        [NotNullWhen(true)] out JsonDocument? document
    )
    {
        try
        {
            document = JsonDocument.Parse(body, s_options);
            payload = new Payload(document.RootElement);
            return true;
        }
        catch (JsonException)
        {
            (document, payload) = (null, default);
            return false;
        }
    }
}
