using System.Security.Cryptography;
using Shouldly;
using VClusterManager.Server.Identity;
using Xunit;

namespace VClusterManager.Server.Tests.Configuration;

/// <summary>Users, tokens, issuers and limits in the configuration.</summary>
public sealed class AuthTests
{
    private const string Secret = "0123456789abcdef0123456789abcdef";

    private static readonly string Hash = PasswordHash.Of("correct horse");

    [Fact]
    public void There_is_no_user_no_token_and_no_issuer_by_default()
    {
        var auth = new ConfigurationBench().Options().Auth;

        auth.Users.ShouldBeEmpty();
        auth.Jwt.ShouldBeNull();
        auth.Oidc.ShouldBeEmpty();
    }

    [Fact]
    public void A_secret_turns_tokens_on()
    {
        var jwt = new ConfigurationBench()
            .WithVariable("JWT_SECRET_KEY", Secret)
            .WithVariable("ACCESS_TOKEN_EXPIRE_MINUTES", "5")
            .Options()
            .Auth.Jwt!;

        (jwt.Algorithm, jwt.Lifetime).ShouldBe(("HS256", TimeSpan.FromMinutes(5)));
        $"{jwt}".ShouldNotContain("0123");
    }

    [Theory]
    [InlineData("HS256", 31, "must have at least 32 bytes for HS256; it has 31")]
    [InlineData("HS384", 47, "must have at least 48 bytes for HS384; it has 47")]
    [InlineData("HS512", 63, "must have at least 64 bytes for HS512; it has 63")]
    public void A_secret_that_is_too_short_stops_the_start(string algorithm, int length, string words)
    {
        var bench = new ConfigurationBench().WithVariable("JWT_ALGORITHM", algorithm);
        bench
            .WithVariable("JWT_SECRET_KEY", new string('s', length))
            .Error()
            .ShouldBe($"variable JWT_SECRET_KEY: auth.jwt.secret_key: {words}");
        bench.WithVariable("JWT_SECRET_KEY", new string('s', length + 1)).Options().Auth.Jwt.ShouldNotBeNull();
    }

    [Theory]
    [InlineData("{secret_key: 0123456789abcdef0123456789abcdef, algorithm: RS256}", "does not go with RS256")]
    [InlineData("{key_file: key.pem}", "does not go with HS256")]
    [InlineData("{key_file: missing.pem, algorithm: RS256}", "there is no file /etc/vcm/missing.pem")]
    [InlineData("{key_file: key.pem, algorithm: ES256}", "must be a PEM file with an unencrypted private key")]
    [InlineData("{key_file: small.pem, algorithm: RS256}", "must have at least 2048 bits; it has 1024")]
    [InlineData("{key_file: public.pem, algorithm: RS256}", "must ")]
    [InlineData("{key_file: curve.pem, algorithm: ES256}", "must be a key on P-256 for ES256")]
    [InlineData("{algorithm: none}", "must be one of HS256")]
    public void A_key_that_does_not_fit_stops_the_start(string jwt, string words)
    {
        using var key = RSA.Create(2048);
        using var small = RSA.Create(1024);
        using var curve = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        var error = new ConfigurationBench()
            .WithFile("/etc/vcm/key.pem", key.ExportPkcs8PrivateKeyPem())
            .WithFile("/etc/vcm/small.pem", small.ExportPkcs8PrivateKeyPem())
            .WithFile("/etc/vcm/public.pem", key.ExportSubjectPublicKeyInfoPem())
            .WithFile("/etc/vcm/curve.pem", curve.ExportPkcs8PrivateKeyPem())
            .WithYaml($"auth: {{jwt: {jwt}}}")
            .Error();

        error.ShouldContain("auth.jwt.");
        error.ShouldContain(words);
        error.ShouldNotContain("PRIVATE KEY-");
    }

    [Fact]
    public void A_user_has_a_hash_a_role_and_limits()
    {
        var user = new ConfigurationBench()
            .WithYaml($"auth: {{users: {{anna: {{password_hash: '{Hash}', role: viewer, max_clusters: 3}}}}}}")
            .Options()
            .Auth.Users.Single();

        (user.Name, user.Role, user.Limits.MaxClusters).ShouldBe(("anna", Role.Viewer, 3));
        $"{user}".ShouldBe("anna");
    }

    [Theory]
    [InlineData("{anna: hunter2}", "must be a map with password_hash, role")]
    [InlineData("{anna: {password_hash: hunter2}}", "must be a hash as `vcluster-manager hash-password` writes it")]
    [InlineData("{anna: {role: admin}}", "needs a password_hash")]
    [InlineData("{anna: {password: hunter2}}", "is not known here: there are password_hash, role")]
    [InlineData("{'a b': {password_hash: hunter2}}", "must be 1 to 63 letters")]
    public void What_is_wrong_with_a_user_is_said_without_the_password(string users, string words)
    {
        var error = new ConfigurationBench().WithYaml($"auth: {{users: {users}}}").Error();

        error.ShouldContain("auth.users");
        error.ShouldContain(words);
        error.ShouldNotContain("hunter2");
    }

    [Theory]
    [InlineData("role: admin, max_clusters: 1", "binds an admin")]
    [InlineData("namespaces: []", "empty list of namespaces")]
    [InlineData("namespaces: [Team]", "must be a namespace")]
    [InlineData("namespaces: team", "must be a list of namespaces")]
    [InlineData("max_clusters: 0", "must be a whole number from 1")]
    [InlineData("max_ttl_hours: 721", "must be a whole number from 1 to 720")]
    [InlineData("own_clusters: 1", "must be true or false")]
    public void Limits_that_cannot_be_stop_the_start(string limits, string words) =>
        new ConfigurationBench()
            .WithYaml($"auth: {{api_keys: {{ci: {{key: 0123456789abcdef-key, {limits}}}}}}}")
            .Error()
            .ShouldContain(words);

    [Fact]
    public void An_issuer_is_kept_to_the_letter()
    {
        var issuer = new ConfigurationBench()
            .WithYaml(
                """
                auth:
                  oidc:
                    - name: actions
                      issuer: https://token.actions.githubusercontent.com
                      audience: https://vclusters.example.com
                      rules:
                        - claims: {repository: acme/*, ref: [refs/heads/main, refs/tags/*]}
                          role: editor
                          namespaces: [ci-*]
                """
            )
            .Options()
            .Auth.Oidc.Single();

        (issuer.Issuer, issuer.NameClaim, issuer.InsecureHttp).ShouldBe(
            ("https://token.actions.githubusercontent.com", "sub", false)
        );
        issuer.Rules.Single().Claims["ref"].ShouldBe(["refs/heads/main", "refs/tags/*"]);
        issuer.Rules.Single().Limits.Namespaces.ShouldBe(["ci-*"]);
    }

    [Theory]
    [InlineData("{name: a, issuer: https://i, audience: x}", "needs rules")]
    [InlineData("{name: a, issuer: https://i, audience: x, rules: []}", "needs rules")]
    [InlineData("{name: a, issuer: https://i, rules: [{claims: {a: b}, role: viewer}]}", "needs an audience")]
    [InlineData("{issuer: https://i, audience: x, rules: [{claims: {a: b}, role: viewer}]}", "needs a name")]
    [InlineData("{name: a, audience: x, rules: [{claims: {a: b}, role: viewer}]}", "needs an issuer")]
    [InlineData("{name: a, issuer: http://i, audience: x, rules: [{claims: {a: b}, role: viewer}]}", "over http")]
    [InlineData("{name: a, issuer: https://i, audience: x, rules: [{claims: {}, role: viewer}]}", "needs claims")]
    [InlineData("{name: a, issuer: https://i, audience: x, rules: [{role: viewer}]}", "needs claims")]
    [InlineData("{name: a, issuer: https://i, audience: x, rules: [{claims: {a: b}}]}", "needs a role")]
    [InlineData(
        "{name: a, issuer: https://i, audience: x, colour: y, rules: [{claims: {a: b}, role: viewer}]}",
        "colour"
    )]
    [InlineData("hello", "must be a map")]
    public void What_is_wrong_with_an_issuer_is_said(string issuer, string words) =>
        new ConfigurationBench().WithYaml($"auth: {{oidc: [{issuer}]}}").Error().ShouldContain(words);

    [Theory]
    [InlineData("http://127.0.0.1:1")]
    [InlineData("http://localhost:1")]
    [InlineData("http://[::1]:1")]
    public void An_issuer_on_this_machine_may_be_without_TLS(string issuer) =>
        new ConfigurationBench()
            .WithYaml(
                $"auth: {{oidc: [{{name: a, issuer: '{issuer}', audience: x, rules: [{{claims: {{a: b}}, role: viewer}}]}}]}}"
            )
            .Options()
            .Auth.Oidc.Single()
            .InsecureHttp.ShouldBeTrue();

    [Fact]
    public void Issuers_and_their_names_are_given_once()
    {
        const string Rules = "audience: x, rules: [{claims: {a: b}, role: viewer}]";
        new ConfigurationBench()
            .WithYaml(
                $"auth: {{oidc: [{{name: a, issuer: https://i, {Rules}}}, {{name: a, issuer: https://j, {Rules}}}]}}"
            )
            .Error()
            .ShouldContain("has the name a more than once");
        new ConfigurationBench()
            .WithYaml(
                $"auth: {{oidc: [{{name: a, issuer: https://i, {Rules}}}, {{name: b, issuer: https://i, {Rules}}}]}}"
            )
            .Error()
            .ShouldContain("has the issuer https://i more than once");
        new ConfigurationBench()
            .WithYaml(
                $"auth: {{jwt: {{secret_key: {Secret}, issuer: https://i}}, oidc: [{{name: a, issuer: https://i, {Rules}}}]}}"
            )
            .Error()
            .ShouldContain("which is auth.jwt.issuer");
    }
}
