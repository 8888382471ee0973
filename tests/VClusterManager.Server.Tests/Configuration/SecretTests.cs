using System.Security.Cryptography;
using System.Text;
using Shouldly;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Identity;
using Xunit;

namespace VClusterManager.Server.Tests.Configuration;

public sealed class SecretTests
{
    private const string Key = "0123456789abcdef-key";

    [Fact]
    public void A_plain_key_is_hashed_as_it_is_read_and_is_an_editors()
    {
        var key = new ConfigurationBench()
            .WithYaml($"auth: {{api_keys: {{ci: {Key}}}}}")
            .Options()
            .Auth.ApiKeys.Single();

        key.ClientId.ShouldBe("ci");
        key.Hash.ShouldBe(SHA256.HashData(Encoding.UTF8.GetBytes(Key)));
        key.Role.ShouldBe(Role.Editor);
        key.Expires.ShouldBeNull();
    }

    [Fact]
    public void A_hashed_key_has_a_role_and_an_end()
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Key)));
        var key = new ConfigurationBench()
            .WithYaml($"auth: {{api_keys: {{ci: {{hash: {hash}, role: admin, expires: 2027-01-31T12:00:00+02:00}}}}}}")
            .Options()
            .Auth.ApiKeys.Single();

        key.Hash.ShouldBe(Convert.FromHexString(hash));
        key.Role.ShouldBe(Role.Admin);
        key.Expires.ShouldBe(new DateTimeOffset(2027, 1, 31, 10, 0, 0, TimeSpan.Zero));
    }

    [Fact]
    public void Variables_set_a_key_whole_or_in_parts()
    {
        var keys = new ConfigurationBench()
            .WithYaml("auth: {api_keys: {Nightly-Job: {role: viewer}}}")
            .WithVariable("VCM__AUTH__API_KEYS__CI", Key)
            .WithVariable("VCM__AUTH__API_KEYS__NIGHTLY_JOB__KEY", Key + "2")
            .Options()
            .Auth.ApiKeys;

        keys.Select(k => (k.ClientId, k.Role)).ShouldBe([("Nightly-Job", Role.Viewer), ("ci", Role.Editor)]);
    }

    [Theory]
    [InlineData("secret-short", "must have 16 to 512 characters; it has 12")]
    [InlineData("'secret with a space in it'", "must be printable ASCII without spaces")]
    [InlineData("12345678901234567890", "must be text: put a key that is all digits in quotes")]
    [InlineData("{hash: secret}", "must be the SHA-256 of the key")]
    [InlineData("{role: admin}", "needs a hash (or a key)")]
    [InlineData("{key: secret-secret-secret, role: root}", "must be one of viewer, editor, admin")]
    [InlineData("{key: secret-secret-secret, expires: tomorrow}", "must be a time such as")]
    [InlineData("{key: secret-secret-secret, expires: 2027-01-31T00:00:00}", "must be a time such as")]
    [InlineData("{key: secret-secret-secret, colour: secret}", "is not known here: there are hash, key, role, expires")]
    [InlineData("[secret]", "must be text")]
    public void What_is_wrong_with_a_key_is_said_without_the_key(string yaml, string words)
    {
        var error = new ConfigurationBench().WithYaml($"auth: {{api_keys: {{ci: {yaml}}}}}").Error();

        error.ShouldContain("auth.api_keys.ci");
        error.ShouldContain("VCM__AUTH__API_KEYS__CI");
        error.ShouldContain(words);
        error.ShouldNotContain("secret");
    }

    [Fact]
    public void Two_clients_cannot_have_the_same_key() =>
        new ConfigurationBench()
            .WithYaml($"auth: {{api_keys: {{a: {Key}, b: {Key}}}}}")
            .Error()
            .ShouldContain("gives the same key to a and b");

    [Fact]
    public void Postgres_addresses_become_connection_strings()
    {
        var database = new ConfigurationBench()
            .WithVariable("DATABASE_URL", "postgres://vcm:p%40ss%2Fword@db.example.com:6432/vcm?sslmode=verify-full")
            .WithVariable("VCM__DATABASE__LISTEN_URL", "postgresql://vcm@direct/vcm")
            .Options()
            .Database;

        database.Kind.ShouldBe(DatabaseKind.Postgres);
        database.File.ShouldBeNull();
        database.ConnectionString.ShouldBe(
            "Host=db.example.com;Database=vcm;Port=6432;Username=vcm;Password=p@ss/word;SSL Mode=VerifyFull",
            StringCompareShould.IgnoreCase
        );
        database.ListenConnectionString.ShouldBe(
            "Host=direct;Database=vcm;Port=5432;Username=vcm",
            StringCompareShould.IgnoreCase
        );
        $"{database}".ShouldNotContain("word");
    }

    [Theory]
    [InlineData("sqlite:/data/x.db", "/data/x.db")]
    [InlineData("sqlite:///data/x.db", "/data/x.db")]
    [InlineData("sqlite:x.db", "/srv/x.db")]
    public void Sqlite_addresses_name_a_file(string url, string file)
    {
        var database = new ConfigurationBench().WithVariable("DATABASE_URL", url).Options().Database;

        database.File.ShouldBe(file);
        database.ConnectionString.ShouldBe($"Data Source={file}");
    }

    [Theory]
    [InlineData("postgres://u:hunter2@host", "must be sqlite:PATH or postgres://USER:PASSWORD@HOST")]
    [InlineData("postgres://u:hunter2@/db", "must be sqlite:PATH or postgres://USER:PASSWORD@HOST")]
    [InlineData("postgres://u:hunter2@host:port/db", "has a host or a port that cannot be right")]
    [InlineData(
        "postgres://u:hunter2@host/db?sslmode=hunter2",
        "has a parameter that is not known or has a wrong value: sslmode"
    )]
    [InlineData(
        "postgres://u:hunter2@host/db?colour=hunter2",
        "has a parameter that is not known or has a wrong value: colour"
    )]
    [InlineData("mysql://u:hunter2@host/db", "must be sqlite:PATH")]
    [InlineData("hunter2", "must be sqlite:PATH")]
    [InlineData("sqlite::memory:", "must name a file")]
    [InlineData("sqlite:", "must name a file")]
    public void A_wrong_database_address_is_explained_without_the_password(string url, string words)
    {
        var error = new ConfigurationBench().WithVariable("DATABASE_URL", url).Error();

        error.ShouldStartWith("variable DATABASE_URL: database.url: ");
        error.ShouldContain(words);
        error.ShouldNotContain("hunter2");
    }

    [Fact]
    public void Listening_elsewhere_goes_with_postgres_only()
    {
        new ConfigurationBench()
            .WithVariable("VCM__DATABASE__LISTEN_URL", "postgres://u:hunter2@host/db")
            .Error()
            .ShouldContain("goes with PostgreSQL only");
        new ConfigurationBench()
            .WithVariable("DATABASE_URL", "postgres://u@host/db")
            .WithVariable("VCM__DATABASE__LISTEN_URL", "sqlite:x.db")
            .Error()
            .ShouldContain("only PostgreSQL has LISTEN");
    }

    [Fact]
    public void The_options_do_not_print_secrets() =>
        new ConfigurationBench()
            .WithVariable("DATABASE_URL", "postgres://u:hunter2@host/db")
            .WithVariable("VCM__AUTH__API_KEYS__CI", "hunter2hunter2hunter2")
            .Options()
            .ToString()
            .ShouldNotContain("hunter2");

    [Theory]
    [InlineData("*_URL", "DATABASE_URL")]
    [InlineData("DATABASE_URL", "DATABASE_URL")]
    [InlineData("VCM*", "VCM__AUTH__API_KEYS")]
    public void A_variable_with_a_secret_of_the_server_is_not_passed_on_to_tools(string pattern, string variable) =>
        new ConfigurationBench()
            .WithVariable("VCM__PROCESSES__ENVIRONMENT", $"AWS_*,{pattern}")
            .Error()
            .ShouldContain($"has {pattern}, which would pass on {variable}");
}
