using System.Text;
using System.Text.Json.Nodes;
using Shouldly;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Webhooks;
using VClusterManager.Server.Webhooks.Bitbucket;
using VClusterManager.Server.Webhooks.GitHub;
using VClusterManager.Server.Webhooks.GitLab;
using Xunit;

namespace VClusterManager.Server.Tests.Webhooks;

/// <summary>What every provider keeps to. A folder with recorded bodies brings it in here.</summary>
public sealed class ProviderContractTests
{
    private const string Secret = "It's a Secret to Everybody";

    internal static IReadOnlyList<IWebhookProvider> All { get; } = ProvidersWith([Secret, "the-one-before"]);

    public static TheoryData<string> Names => [.. Recorded.Providers];

    internal static IReadOnlyList<IWebhookProvider> ProvidersWith(IReadOnlyList<string> secrets)
    {
        WebhookDoorOptions door = new(Enabled: true, secrets);
        WebhookOptions options = new()
        {
            GitHub = door,
            Bitbucket = door,
            GitLab = door,
        };
        return
        [
            new GitHubProvider(options),
            new BitbucketCloudProvider(options),
            new BitbucketServerProvider(options),
            new GitLabProvider(options),
        ];
    }

    [Fact]
    public void Every_provider_has_recorded_bodies() =>
        Recorded.Providers.ShouldBe(All.Select(provider => provider.Name), ignoreOrder: true);

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_recorded_body_is_understood(string name)
    {
        var provider = All.Single(one => one.Name == name);
        var recorded = Recorded.Of(name);

        recorded.Select(body => body.File).ShouldBe(Recorded.FilesOf(name), ignoreOrder: true);
        foreach (var body in recorded)
        {
            Words(provider.Parse(body.Event, body.Bytes)).ShouldBe(body.Expected, body.ToString());
            provider.Concerns(body.Event).ShouldBe(body.Expected != "other", body.ToString());
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_body_that_misses_anything_is_understood_or_said_not_to_be(string name)
    {
        var provider = All.Single(one => one.Name == name);
        foreach (var body in Recorded.Of(name).Where(body => body.Expected != "other"))
        {
            foreach (var broken in Broken(JsonNode.Parse(body.Bytes)!.AsObject()))
            {
                provider.Parse(body.Event, Encoding.UTF8.GetBytes(broken)).ShouldNotBeNull();
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_body_with_half_a_character_in_a_name_is_understood_or_said_not_to_be(string name)
    {
        var provider = All.Single(one => one.Name == name);
        foreach (var body in Recorded.Of(name).Where(body => body.Expected != "other"))
        {
            foreach (var broken in Spoilt(JsonNode.Parse(body.Bytes)!.AsObject()))
            {
                provider.Parse(body.Event, Encoding.UTF8.GetBytes(broken)).ShouldNotBeNull();
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Nonsense_is_unreadable(string name)
    {
        var provider = All.Single(one => one.Name == name);
        var about = Recorded.Of(name).First(body => body.Expected != "other").Event;
        foreach (var nonsense in (string[])["", "{", "null", "[]", "12", "{}", "\"x\"", "\u0000", new('[', 10_000)])
        {
            provider
                .Parse(about, Encoding.UTF8.GetBytes(nonsense))
                .ShouldBeOfType<WebhookEvent.Unreadable>(nonsense)
                .Why.ShouldEndWith(".");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Only_who_knows_a_secret_comes_in(string name)
    {
        var provider = All.Single(one => one.Name == name);
        var body = Recorded.Of(name)[0].Bytes;
        foreach (var secret in (string[])[Secret, "the-one-before"])
        {
            provider.Authenticate(Proof(name, secret, body), body).ShouldBeTrue(secret);
        }

        provider.Authenticate(Proof(name, "another", body), body).ShouldBeFalse();
        provider.Authenticate(Proof(name, "", body), body).ShouldBeFalse();
        provider.Authenticate(_ => null, body).ShouldBeFalse();
        provider.Authenticate(_ => "", body).ShouldBeFalse();
        var right = Proof(name, Secret, body);
        provider.Authenticate(header => right(header)?.ToUpperInvariant(), body).ShouldBeFalse("of other case");
        provider.Authenticate(header => right(header)?[..^1], body).ShouldBeFalse("cut");
        provider.Authenticate(header => right(header) + "0", body).ShouldBeFalse("longer");
        provider
            .Authenticate(header => right(header)?.Replace("sha256=", "sha1=", StringComparison.Ordinal) + " ", body)
            .ShouldBeFalse("of another algorithm");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Without_a_secret_nobody_comes_in(string name)
    {
        var provider = ProvidersWith([]).Single(one => one.Name == name);
        byte[] body = [.. "{}"u8];

        provider.Options.IsOpen.ShouldBeFalse();
        foreach (var header in (string?[])[null, "", "sha256=", Proof(name, "", body)("X-Hub-Signature-256")])
        {
            provider.Authenticate(_ => header, body).ShouldBeFalse(header);
        }
    }

    [Theory]
    [InlineData("github")]
    [InlineData("bitbucket")]
    [InlineData("bitbucket_server")]
    public void A_signature_is_of_every_byte(string name)
    {
        var provider = All.Single(one => one.Name == name);
        var body = Recorded.Of(name)[0].Bytes;
        var proof = Proof(name, Secret, body);
        for (var at = 0; at < body.Length; at += 97)
        {
            byte[] changed = [.. body];
            changed[at] ^= 1;
            provider.Authenticate(proof, changed).ShouldBeFalse($"{at}");
        }

        provider.Authenticate(proof, [.. body, (byte)'\n']).ShouldBeFalse();
    }

    [Fact]
    public void The_signature_that_GitHub_documents_holds() =>
        All[0]
            .Authenticate(
                header =>
                    header == "X-Hub-Signature-256"
                        ? "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
                        : null,
                "Hello, World!"u8
            )
            .ShouldBeTrue();

    /// <summary>The headers of somebody who knows this secret.</summary>
    internal static HeaderSource Proof(string provider, string secret, byte[] body) =>
        asked =>
            (provider, asked) switch
            {
                ("gitlab", "X-Gitlab-Token") => secret,
                ("github", "X-Hub-Signature-256") => Signatures.Of(secret, body),
                ("bitbucket" or "bitbucket_server", "X-Hub-Signature") => Signatures.Of(secret, body),
                _ => null,
            };

    /// <summary>The same with each member away, null, or something else; as deep as what is read.</summary>
    private static IEnumerable<string> Broken(JsonObject body)
    {
        foreach (var path in Paths(body, 5).ToList())
        {
            foreach (
                var other in (string?[])
                    [null, "null", "0", "-1", "1e400", "\"\"", "\"x\\u0000\\ud800\"", "[]", "{}", "[[1]]"]
            )
            {
                var copy = body.DeepClone().AsObject();
                var parent = path[..^1].Aggregate((JsonNode)copy, (node, name) => node[name]!).AsObject();
                parent.Remove(path[^1]);
                if (other is not null)
                {
                    parent[path[^1]] = new JsonObject { ["replaced"] = path[^1] };
                }

                var text = copy.ToJsonString();
                yield return other is null
                    ? text
                    : text.Replace($$"""{"replaced":"{{path[^1]}}"}""", other, StringComparison.Ordinal);
            }
        }
    }

    /// <summary>The same with another member, whose name is no text, in each of the objects.</summary>
    private static IEnumerable<string> Spoilt(JsonObject body)
    {
        foreach (var path in Paths(body, 5).ToList())
        {
            var copy = body.DeepClone().AsObject();
            path[..^1].Aggregate((JsonNode)copy, (node, name) => node[name]!)["spoilt"] = 1;
            yield return copy.ToJsonString()
                .Replace(
                    "\"spoilt\"",
                    $"\"{string.Concat(Enumerable.Repeat("\\ud800", 6))}\"",
                    StringComparison.Ordinal
                );
        }
    }

    private static IEnumerable<string[]> Paths(JsonObject map, int depth) =>
        map.Where(_ => depth > 0)
            .SelectMany(member =>
                (member.Value is JsonObject inner ? Paths(inner, depth - 1) : [])
                    .Select(below => (string[])[member.Key, .. below])
                    .Prepend([member.Key])
            )
            .Where(path => !path[^1].EndsWith("_url", StringComparison.Ordinal));

    internal static string Words(WebhookEvent learnt) =>
        learnt switch
        {
            WebhookEvent.PullRequest { Facts: var facts } =>
                $"{facts.Id.Key} {(facts.IsOpen ? "open" : "closed")}{(facts.IsDraft ? " draft" : "")}{(facts.IsFork ? " fork" : "")} {facts.At:yyyy-MM-dd'T'HH:mm:ss}Z {facts.HeadBranch}->{facts.BaseBranch} {facts.HeadSha} by {facts.Author} {facts.Association} [{string.Join(",", facts.Labels)}]{(facts.MemberLabels.Count > 0 ? $" set [{string.Join(",", facts.MemberLabels)}]" : "")}",
            WebhookEvent.Other => "other",
            _ => "unreadable",
        };
}
