using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Identity;
using VClusterManager.Server.Identity.Tokens;
using VClusterManager.Server.Tests.Configuration;
using Xunit;

namespace VClusterManager.Server.Tests.Identity.Tokens;

/// <summary>Which tokens are taken, and which are not.</summary>
public sealed class TokenCheckTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly long Later = Jwt.Seconds(Now.AddMinutes(10));

    [Fact]
    public async Task A_token_that_somebody_else_has_signed_with_the_secret_is_taken()
    {
        var token = Jwt.Hmac(
            new
            {
                sub = "4711",
                username = "anna",
                scope = "api",
                exp = Later,
            }
        );

        var who = await AcceptedAsync(token);
        (who.Name, who.Role, who.Source).ShouldBe(("anna", Role.Editor, "token"));
        who.Identity.ShouldBe("user/anna");
        who.Expires.ShouldBe(Now.AddMinutes(10));
        who.Limits.AreNone.ShouldBeTrue();
    }

    [Theory]
    [InlineData("HS384")]
    [InlineData("HS512")]
    public async Task Longer_hashes_do_too(string algorithm)
    {
        var token = Jwt.Hmac(
            new
            {
                sub = "anna",
                scope = "admin",
                exp = Later,
            },
            algorithm: algorithm
        );

        (await AcceptedAsync(token, $"algorithm: {algorithm}")).Role.ShouldBe(Role.Admin);
    }

    [Theory]
    [InlineData("ES256", 256)]
    [InlineData("ES384", 384)]
    [InlineData("ES512", 521)]
    public async Task What_is_issued_with_a_curve_is_taken(string algorithm, int bits)
    {
        using var key = ECDsa.Create(
            bits == 256 ? ECCurve.NamedCurves.nistP256
            : bits == 384 ? ECCurve.NamedCurves.nistP384
            : ECCurve.NamedCurves.nistP521
        );
        await TakesItsOwnAsync(algorithm, key.ExportPkcs8PrivateKeyPem());
    }

    [Theory]
    [InlineData("RS256")]
    [InlineData("PS512")]
    public async Task What_is_issued_with_RSA_is_taken(string algorithm)
    {
        using var key = RSA.Create(2048);
        await TakesItsOwnAsync(algorithm, key.ExportPkcs8PrivateKeyPem());
    }

    [Fact]
    public async Task The_public_key_is_no_secret_to_sign_with()
    {
        using var key = RSA.Create(2048);
        using var tokens = Tokens(FileOptions("RS256", key.ExportPkcs8PrivateKeyPem()));
        foreach (var secret in new[] { key.ExportSubjectPublicKeyInfoPem(), key.ExportRSAPublicKeyPem() })
        {
            var token = Jwt.Hmac(
                new
                {
                    sub = "eve",
                    scope = "admin",
                    exp = Later,
                },
                secret
            );

            (await tokens.CheckAsync(new Credential(token, IsBearer: true), CancellationToken.None))
                .ShouldBeOfType<CredentialAnswer.Refused>()
                .Reason.ShouldContain("signed in a way");
        }
    }

    [Theory]
    [InlineData("none")]
    [InlineData("None")]
    [InlineData("HS384")]
    [InlineData("RS256")]
    [InlineData("")]
    public async Task Only_the_algorithm_of_the_configuration_counts(string algorithm)
    {
        var claims = new
        {
            sub = "eve",
            scope = "admin",
            exp = Later,
        };
        foreach (var signature in new byte[][] { [], [1, 2, 3] })
        {
            var token = Jwt.Signed(new { alg = algorithm, typ = "JWT" }, claims, _ => signature);

            (await RefusedAsync(token)).ShouldContain("signed in a way");
        }

        (await CheckAsync(Jwt.Hmac(claims, algorithm: algorithm))).ShouldNotBeOfType<CredentialAnswer.Accepted>();
    }

    [Fact]
    public async Task Nothing_in_it_can_be_changed()
    {
        var token = Jwt.Hmac(
            new
            {
                sub = "anna",
                scope = "viewer",
                exp = Later,
            }
        );

        (
            await RefusedAsync(
                Jwt.With(
                    token,
                    new
                    {
                        sub = "anna",
                        scope = "admin",
                        exp = Later,
                    }
                )
            )
        ).ShouldContain("signature");
        (await RefusedAsync(token[..^2] + (token[^2] == 'A' ? "BA" : "AA"))).ShouldContain("signature");
        (await RefusedAsync(token[..(token.LastIndexOf('.') + 1)])).ShouldContain("signature");
        (
            await RefusedAsync(
                Jwt.Hmac(
                    new
                    {
                        sub = "anna",
                        scope = "admin",
                        exp = Later,
                    },
                    new string('x', 64)
                )
            )
        ).ShouldContain("signature");
    }

    public static TheoryData<string, string> Unusable =>
        new()
        {
            { """{"sub":"a","scope":"api"}""", "no end" },
            { """{"sub":"a","scope":"api","exp":"tomorrow"}""", "cannot be read" },
            { """{"sub":"a","scope":"api","exp":-1}""", "no end" },
            { """{"sub":"a","scope":"api","exp":1e300}""", "cannot be read" },
            { """{"sub":"a","scope":"api","exp":1777636769}""", "expired" },
            { """{"sub":"a","scope":"api","exp":1900000000,"nbf":1777636831}""", "not count yet" },
            { """{"sub":"a","scope":"api","exp":1900000000,"nbf":"x"}""", "cannot be read" },
            { """{"scope":"api","exp":1900000000}""", "who it is for" },
            { """{"sub":"","scope":"api","exp":1900000000}""", "who it is for" },
            { """{"sub":"a\nb","scope":"api","exp":1900000000}""", "who it is for" },
            { """{"sub":{},"scope":"api","exp":1900000000}""", "cannot be read" },
            { """{"sub":"a","exp":1900000000}""", "no scope" },
            { """{"sub":"a","scope":"root","exp":1900000000}""", "no scope" },
            { """{"sub":"a","scope":"api","exp":1900000000,"vcm_namespaces":["A B"]}""", "limits" },
            { """{"sub":"a","scope":"api","exp":1900000000,"vcm_max_clusters":"x"}""", "limits" },
            { """{"sub":"a","scope":"api","exp":1900000000,"vcm_own_clusters":"yes"}""", "limits" },
        };

    [Theory]
    [MemberData(nameof(Unusable))]
    public async Task What_a_token_does_not_say_counts_against_it(string claims, string why) =>
        (await RefusedAsync(Jwt.Hmac(claims))).ShouldContain(why);

    [Fact]
    public async Task A_token_may_end_at_the_end_of_time() =>
        (await AcceptedAsync(Jwt.Hmac("""{"sub":"a","scope":"api","exp":253402300798.9}"""))).Name.ShouldBe("a");

    [Fact]
    public async Task Issuer_and_audience_are_looked_at_where_they_are_configured()
    {
        const string Configured = "issuer: us, audience: here";
        var right = new
        {
            sub = "a",
            scope = "api",
            exp = Later,
            iss = "us",
            aud = new[] { "there", "here" },
        };

        (await AcceptedAsync(Jwt.Hmac(right), Configured)).Name.ShouldBe("a");
        (await AcceptedAsync(Jwt.Hmac(right))).Name.ShouldBe("a");
        (
            await RefusedAsync(
                Jwt.Hmac(
                    new
                    {
                        sub = "a",
                        scope = "api",
                        exp = Later,
                        iss = "us",
                        aud = "there",
                    }
                ),
                Configured
            )
        ).ShouldContain("aud");
        (
            await RefusedAsync(
                Jwt.Hmac(
                    new
                    {
                        sub = "a",
                        scope = "api",
                        exp = Later,
                        iss = "them",
                        aud = "here",
                    }
                ),
                Configured
            )
        ).ShouldContain("iss");
        await RefusedAsync(
            Jwt.Hmac(
                new
                {
                    sub = "a",
                    scope = "api",
                    exp = Later,
                }
            ),
            Configured
        );
    }

    [Fact]
    public async Task What_is_critical_and_not_understood_is_refused()
    {
        var token = Jwt.Signed(
            new
            {
                alg = "HS256",
                crit = new List<string> { "b64" },
                b64 = false,
            },
            new
            {
                sub = "a",
                scope = "admin",
                exp = Later,
            },
            text => HMACSHA256.HashData(Encoding.UTF8.GetBytes(Jwt.Secret), text)
        );

        (await RefusedAsync(token)).ShouldContain("crit");
    }

    [Theory]
    [InlineData("eyJ.x.y")]
    [InlineData("ey..")]
    [InlineData("eyJhbGciOiJIUzI1NiJ9.bm8.x")]
    public async Task What_looks_like_a_token_and_is_none_is_refused(string text) =>
        (await RefusedAsync(text)).ShouldContain("cannot be read");

    [Theory]
    [InlineData("eyJhbGciOiJIUzI1NiJ9.e30")]
    [InlineData("eyJhbGciOiJIUzI1NiJ9.e30.a.b.c")]
    [InlineData("some-api-key-0123456789")]
    [InlineData("")]
    public async Task What_is_no_token_is_left_to_others(string text) =>
        (await CheckAsync(text)).ShouldBeOfType<CredentialAnswer.Unknown>();

    private static async Task TakesItsOwnAsync(string algorithm, string pem)
    {
        using var tokens = Tokens(FileOptions(algorithm, pem));
        ConfiguredUser anna = new("anna", "", Role.Editor, new Limits { MaxClusters = 2 });
        var token = tokens.Issue(anna, Role.Editor);

        var who = (await tokens.CheckAsync(new Credential(token, IsBearer: true), CancellationToken.None))
            .ShouldBeOfType<CredentialAnswer.Accepted>()
            .Principal;
        (who.Name, who.Role, who.Limits.MaxClusters).ShouldBe(("anna", Role.Editor, 2));
    }

    private static AuthOptions FileOptions(string algorithm, string pem) =>
        new ConfigurationBench()
            .WithFile("/etc/vcm/key.pem", pem)
            .WithYaml($"auth: {{jwt: {{algorithm: {algorithm}, key_file: key.pem}}}}")
            .Options()
            .Auth;

    private static OwnTokens Tokens(AuthOptions options) => new(options, new FakeTimeProvider(Now));

    private static async Task<CredentialAnswer> CheckAsync(string token, string more = "token_expire_minutes: 30")
    {
        var options = new ConfigurationBench()
            .WithYaml($"auth: {{jwt: {{secret_key: {Jwt.Secret}, {more}}}}}")
            .Options();
        using var tokens = Tokens(options.Auth);
        return await tokens.CheckAsync(new Credential(token, IsBearer: true), CancellationToken.None);
    }

    private static async Task<Principal> AcceptedAsync(string token, string more = "token_expire_minutes: 30") =>
        (await CheckAsync(token, more)) switch
        {
            CredentialAnswer.Accepted(var who) => who,
            var other => throw new ShouldAssertException($"{other}"),
        };

    private static async Task<string> RefusedAsync(string token, string more = "token_expire_minutes: 30") =>
        (await CheckAsync(token, more)).ShouldBeOfType<CredentialAnswer.Refused>().Reason;
}
