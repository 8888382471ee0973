using VClusterManager.Server.Configuration;

namespace VClusterManager.Server.Webhooks;

/// <summary>A header of a delivery; <see langword="null"/>: it is not there.</summary>
internal delegate string? HeaderSource(string name);

/// <summary>
/// Who sends deliveries: proves them and understands them, and nothing else. All of it is pure, and parsing never throws:
/// whatever is in a body that was signed, it is an event.
/// </summary>
internal interface IWebhookProvider
{
    /// <summary>In rows and answers: <c>github</c>.</summary>
    string Name { get; }

    /// <summary>As rules and the address name it: <c>/webhooks/{door}</c>.</summary>
    string Door { get; }

    WebhookDoorOptions Options { get; }

    /// <summary>The delivery is one of this provider's, where several share a door.</summary>
    bool IsFrom(HeaderSource headers);

    /// <summary>It only asks whether anybody is there, and is not signed.</summary>
    bool IsUnsignedPing(HeaderSource headers);

    /// <summary>It was made by somebody who knows one of the secrets, and nobody has changed it since.</summary>
    /// <param name="body">As it came, byte by byte.</param>
    bool Authenticate(HeaderSource headers, ReadOnlySpan<byte> body);

    /// <summary>What happened and which delivery it is, by the headers alone.</summary>
    DeliveryStamp Stamp(HeaderSource headers, ReadOnlySpan<byte> body);

    /// <summary>An event of this name is about a pull request: it is worth keeping.</summary>
    bool Concerns(string eventName);

    /// <param name="body">JSON.</param>
    WebhookEvent Parse(string eventName, ReadOnlyMemory<byte> body);
}

/// <param name="Event">The provider's name of what happened.</param>
/// <param name="Id">The same when the very same delivery comes again, and only then.</param>
internal readonly record struct DeliveryStamp(string Event, string Id);
