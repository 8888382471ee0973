using VClusterManager.Server.Configuration.Raw;

namespace VClusterManager.Server.Configuration.Keys;

/// <summary>Addresses of the web, as far as configuration takes them.</summary>
internal static class WebAddress
{
    /// <summary>Where a server is reached from outside.</summary>
    public static KeyType<Uri> Base { get; } =
        new ScalarType<Uri>(
            "an http or https address without query",
            ScalarKinds.Text,
            new() { ["format"] = "uri", ["pattern"] = "^https?://" },
            s => Parse(s.Text) is { Query: "", Fragment: "", UserInfo: "" } uri ? Parsed.From(uri) : Parsed.Not<Uri>()
        );

    /// <summary>What a browser sends in <c>Origin</c>: scheme, host and port, nothing else.</summary>
    public static KeyType<string> BrowserOrigin { get; } =
        new ScalarType<string>(
            "an origin such as https://portal.example.com (* is not possible, since credentials are allowed)",
            ScalarKinds.Text,
            new() { ["pattern"] = "^https?://[^/*]+$" },
            s =>
                Parse(s.Text) is { UserInfo: "" } uri && uri.GetLeftPart(UriPartial.Authority) == Normal(s.Text)
                    ? Parsed.From(Normal(s.Text))
                    : Parsed.Not<string>()
        );

    private static string Normal(string origin) => origin.ToLowerInvariant();

    private static Uri? Parse(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
        && uri.Host.Length > 0
        && !uri.Host.Contains('*')
            ? uri
            : null;
}
