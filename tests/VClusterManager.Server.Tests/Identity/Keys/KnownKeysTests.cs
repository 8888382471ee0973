using Microsoft.Extensions.Time.Testing;
using Shouldly;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Identity;
using VClusterManager.Server.Identity.Keys;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Tests.Configuration;
using Xunit;

namespace VClusterManager.Server.Tests.Identity.Keys;

/// <summary>What memory says of keys. The database that it is given does not exist: nobody asks it.</summary>
public sealed class KnownKeysTests : IDisposable
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 5, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly StoreFactory _nowhere = new(
        new DatabaseOptions
        {
            Kind = DatabaseKind.Postgres,
            ConnectionString = "Host=127.0.0.1;Port=1;Database=nowhere",
            File = null,
            ListenConnectionString = null,
        }
    );

    public void Dispose() => _nowhere.Dispose();

    [Fact]
    public void Before_anything_was_read_nobody_can_tell()
    {
        Keys().Check(KeyText.New()).ShouldBeOfType<CredentialAnswer.Undecided>();
        Keys().Check("no-key-of-this-kind-0123456789").ShouldBeOfType<CredentialAnswer.Unknown>();
    }

    [Fact]
    public void A_key_ends_to_the_second()
    {
        var keys = Keys();
        var key = KeyText.New();
        keys.Take([Row(key, expires: _time.GetUtcNow().AddSeconds(30))]);

        _time.Advance(TimeSpan.FromSeconds(29));
        keys.Check(key).ShouldBeOfType<CredentialAnswer.Accepted>();
        _time.Advance(TimeSpan.FromSeconds(1));
        keys.Check(key).ShouldBeOfType<CredentialAnswer.Refused>().Reason.ShouldContain("expired");
    }

    [Fact]
    public void What_is_taken_away_is_unknown_and_ends_what_hangs_on_it()
    {
        var keys = Keys();
        var (one, two) = (KeyText.New(), KeyText.New());
        var (first, second) = (Row(one), Row(two));
        keys.Take([first, second]);
        var who = keys.Check(one).ShouldBeOfType<CredentialAnswer.Accepted>().Principal;
        var other = keys.Check(two).ShouldBeOfType<CredentialAnswer.Accepted>().Principal;

        keys.Take([second]);
        keys.Check(one).ShouldBeOfType<CredentialAnswer.Unknown>();
        who.Revoked.WaitHandle.WaitOne(TimeSpan.FromSeconds(20)).ShouldBeTrue();
        other.Revoked.IsCancellationRequested.ShouldBeFalse();

        keys.Forget(second.Id);
        keys.Check(two).ShouldBeOfType<CredentialAnswer.Unknown>();
        other.Revoked.WaitHandle.WaitOne(TimeSpan.FromSeconds(20)).ShouldBeTrue();
    }

    [Fact]
    public void Who_has_not_heard_of_the_database_for_a_minute_lets_nobody_in()
    {
        var keys = Keys();
        var key = KeyText.New();
        keys.Take([Row(key)]);

        _time.Advance(KnownKeys.Deaf);
        keys.Check(key).ShouldBeOfType<CredentialAnswer.Accepted>();
        _time.Advance(TimeSpan.FromSeconds(1));
        keys.Check(key).ShouldBeOfType<CredentialAnswer.Undecided>();
        keys.Heard();
        keys.Check(key).ShouldBeOfType<CredentialAnswer.Accepted>();
    }

    [Theory]
    [InlineData("user/anna", "viewer", "viewer")]
    [InlineData("user/anna", "admin", "editor")]
    [InlineData("api_key/ci", "editor", "viewer")]
    public void A_key_never_does_more_than_its_owner_may_now(string owner, string has, string may)
    {
        Roles.TryParse(has, out var role).ShouldBeTrue();
        var keys = Keys();
        var key = KeyText.New();
        keys.Take([Row(key, role, owner, """{"Namespaces":["team-a-x","team-b"],"MaxClusters":5}""")]);

        var who = keys.Check(key).ShouldBeOfType<CredentialAnswer.Accepted>().Principal;
        (who.Role.ToWord(), who.Identity).ShouldBe((may, owner));
        if (owner == "user/anna")
        {
            who.Limits.Namespaces.ShouldBe(["team-a-x"]);
            who.Limits.MaxClusters.ShouldBe(3);
        }
    }

    [Fact]
    public void A_key_ends_with_its_owner()
    {
        var keys = Keys();
        var key = KeyText.New();
        keys.Take([Row(key, owner: "user/gone")]);

        keys.Check(key).ShouldBeOfType<CredentialAnswer.Refused>().Reason.ShouldContain("not known here any more");
    }

    private KnownKeys Keys() => new(new KeyOwners(Auth), _nowhere, _time);

    private static ApiKeyRow Row(
        string key,
        Role role = Role.Editor,
        string? owner = null,
        string? limits = null,
        DateTimeOffset? expires = null
    )
    {
        var id = Guid.NewGuid();
        return new ApiKeyRow
        {
            Id = id,
            Name = $"k{id:N}",
            Hash = Convert.ToHexStringLower(KeyText.HashOf(key)),
            Hint = KeyText.HintOf(key),
            Role = role,
            Identity = owner ?? KeyOwners.AloneOf(id),
            CreatedBy = "tests",
            Limits = limits,
            CreatedAt = new DateTimeOffset(2026, 5, 1, 11, 0, 0, TimeSpan.Zero),
            ExpiresAt = expires,
        };
    }

    private static AuthOptions Auth { get; } =
        new ConfigurationBench()
            .WithYaml(
                $$"""
                auth:
                  users: {anna: {password_hash: '{{PasswordHash.Of(
                    "correct horse"
                )}}', role: editor, namespaces: [team-a-*], max_clusters: 3} }
                  api_keys: {ci: {key: ci-key-0123456789abcdef, role: viewer} }
                """
            )
            .Options()
            .Auth;
}
