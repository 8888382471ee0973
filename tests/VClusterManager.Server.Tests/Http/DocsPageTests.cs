using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Shouldly;
using Xunit;

namespace VClusterManager.Server.Tests.Http;

/// <summary>The page to try the API: open to everybody, and closed to the world outside.</summary>
public sealed partial class DocsPageTests : IAsyncLifetime
{
    private ProbeServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await ProbeServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Everything_that_the_page_refers_to_is_on_this_server_and_needs_no_key()
    {
        var page = new Uri(_server.Address, "/docs/");
        var html = await TextAsync("/docs");
        var references = Reference.Matches(html).Select(match => match.Groups["url"].Value).ToList();
        references.ShouldContain("scalar.js");
        references.ShouldContain("openapi/v1.json");

        foreach (var reference in references)
        {
            // The page's program takes what its configuration names from the folder above it.
            var from = reference.StartsWith("openapi/", StringComparison.Ordinal) ? _server.Address : page;
            var url = new Uri(from, reference);
            url.GetLeftPart(UriPartial.Authority).ShouldBe(_server.Address.GetLeftPart(UriPartial.Authority));
            (await _server.SendAsync("GET", url.PathAndQuery, key: null)).StatusCode.ShouldBe(
                HttpStatusCode.OK,
                reference
            );
        }

        html.ShouldNotContain("//", Case.Sensitive, "an address with a host of its own");
    }

    [Fact]
    public async Task The_browser_is_told_to_take_nothing_from_elsewhere_and_to_tell_nobody()
    {
        var answer = await _server.SendAsync("GET", "/docs/", key: null);
        var policy = answer
            .Headers.GetValues("Content-Security-Policy")
            .Single()
            .Split(';', StringSplitOptions.TrimEntries)
            .Select(directive => directive.Split(' '))
            .ToDictionary(words => words[0], words => words[1..]);

        policy["default-src"].ShouldBe(["'none'"]);
        policy["connect-src"].ShouldBe(["'self'"]);
        policy["form-action"].ShouldBe(["'none'"]);
        policy["base-uri"].ShouldBe(["'none'"]);
        policy["frame-ancestors"].ShouldBe(["'none'"]);
        policy["img-src"].ShouldBe(["'self'", "data:"]);
        policy["style-src"].ShouldBe(["'unsafe-inline'"]);
        policy.Count.ShouldBe(8);
        var nonce = policy["script-src"]
            .ShouldHaveSingleItem()
            .Replace("'nonce-", "", StringComparison.Ordinal)
            .TrimEnd('\'');
        nonce.ShouldMatch("^[0-9a-f]{32}$");
        var scripts = Script.Matches(await answer.Content.ReadAsStringAsync());
        scripts.Count.ShouldBe(3);
        scripts.ShouldAllBe(script => script.Value.Contains($"nonce=\"{nonce}\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task No_two_pages_share_a_nonce_and_none_is_kept()
    {
        var one = await _server.SendAsync("GET", "/docs/", key: null);
        var other = await _server.SendAsync("GET", "/docs/", key: null);

        one.Headers.CacheControl!.NoStore.ShouldBeTrue();
        one.Headers.GetValues("Content-Security-Policy")
            .ShouldNotBe(other.Headers.GetValues("Content-Security-Policy"));
    }

    [Fact]
    public async Task What_the_page_would_fetch_or_send_by_itself_is_off()
    {
        var html = await TextAsync("/docs");
        var settings = JsonNode.Parse(Settings.Match(html).Value)!;

        settings["withDefaultFonts"]!.GetValue<bool>().ShouldBeFalse();
        settings["telemetry"]!.GetValue<bool>().ShouldBeFalse();
        settings["agent"]!["disabled"]!.GetValue<bool>().ShouldBeTrue();
        settings["mcp"]!["disabled"]!.GetValue<bool>().ShouldBeTrue();
        settings["hideClientButton"]!.GetValue<bool>().ShouldBeTrue();
        settings["proxyUrl"].ShouldBeNull();
        settings["persistAuth"].ShouldBeNull();
    }

    [Fact]
    public async Task The_document_is_sent_once_and_then_only_confirmed()
    {
        var first = await _server.SendAsync("GET", "/openapi/v1.json", key: null);
        var tag = first.Headers.ETag!.ToString();

        var again = await _server.SendAsync("GET", "/openapi/v1.json", null, null, ("If-None-Match", tag));

        again.StatusCode.ShouldBe(HttpStatusCode.NotModified);
    }

    private async Task<string> TextAsync(string path)
    {
        var answer = await _server.SendAsync("GET", path, key: null);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
        return await answer.Content.ReadAsStringAsync();
    }

    private const RegexOptions Options = RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant;

    [GeneratedRegex("""(src=|href=|from |import\(|"url":|"favicon":)["'](?<url>[^"']+)["']""", Options, 1000)]
    private static partial Regex Reference { get; }

    [GeneratedRegex("<script[^>]*>", Options, 1000)]
    private static partial Regex Script { get; }

    [GeneratedRegex("""^\s*\{"default.*\}(?=,)""", Options | RegexOptions.Multiline, 1000)]
    private static partial Regex Settings { get; }
}
