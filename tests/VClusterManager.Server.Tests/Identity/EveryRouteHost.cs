using VClusterManager.Server.Configuration;
using VClusterManager.Server.Identity;
using VClusterManager.Server.Identity.Keys;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Tests.Identity.Tokens;
using VClusterManager.Server.Tests.TestHost;

namespace VClusterManager.Server.Tests.Identity;

/// <summary>A manager that knows everybody who may come.</summary>
public sealed class EveryRouteHost : ManagerHost
{
    private readonly Dictionary<string, Caller> _callers = [];
    private string? _revoked;
    private string? _door;

    /// <param name="ForOneCluster">The credential opens one cluster, which is another one.</param>
    internal sealed record Somebody(string Name, Caller Caller, Role? Role, bool SeesIt, bool ForOneCluster = false);

    internal IEnumerable<Somebody> Everybody =>
        [
            new("nobody", Anonymous, null, false),
            new("viewer", Viewer, Role.Viewer, true),
            new("editor", Editor, Role.Editor, true),
            new("its owner, bound to his own", Known("owner"), Role.Editor, true),
            new("an editor bound to his own", Known("other-owner"), Role.Editor, false),
            new("an editor bound to its namespace", Known("here"), Role.Editor, true),
            new("an editor bound to another namespace", Known("elsewhere"), Role.Editor, false),
            new("admin", Admin, Role.Admin, true),
            new("an expired key", Known("expired"), null, false),
            new("a revoked key", With("revoked", _revoked!), null, false),
            new("an admin's token", With("token", Token("here")), Role.Admin, true),
            new("a token for others", With("aud", Token("there")), null, false),
            new("an expired token", With("old", Token("here", minutes: -1)), null, false),
            new("a tampered token", With("tampered", Tampered()), null, false),
            new("an admin's token for another cluster", With("door", _door!), Role.Admin, true, ForOneCluster: true),
        ];

    private protected override async Task StartedAsync()
    {
        var made = await Admin.PostAsync("/api/keys", new { name = "gone", role = "admin" });
        _revoked = made.ShouldBe(201).Json.Text("key");
        using var known = new Caller(Address, _revoked);
        (await known.GetAsync("/api/me")).ShouldBe(200);
        (await Admin.DeleteAsync($"/api/keys/{made.Json.Text("id")}")).ShouldBe(204);
        var another = await SeedAsync("/api/clusters/{name}/tokens?namespace={ns}");
        _door = (await Admin.PostAsync(another)).ShouldBe(201).Json.Text("token");
    }

    private protected override ManagerOptions Configure(ManagerOptions options) =>
        options with
        {
            // Nobody is told to come later here: that is another test.
            Server = options.Server with
            {
                Limits = new LimitOptions
                {
                    AnonymousPerSecond = 10_000,
                    ReadsPerSecond = 10_000,
                    ChangesPerSecond = 10_000,
                    LoginsPerMinute = 10_000,
                },
            },
            Auth = options.Auth with
            {
                Jwt = new JwtOptions
                {
                    Algorithm = "HS256",
                    Secret = System.Text.Encoding.UTF8.GetBytes(Jwt.Secret),
                    PrivateKey = null,
                    Lifetime = TimeSpan.FromMinutes(30),
                    Issuer = null,
                    Audience = "here",
                },
                ApiKeys =
                [
                    .. options.Auth.ApiKeys,
                    Key("owner", new Limits { OwnClusters = true }),
                    Key("other-owner", new Limits { OwnClusters = true }),
                    Key("here", new Limits { Namespaces = ["everybody-*"] }),
                    Key("elsewhere", new Limits { Namespaces = ["else-*"] }),
                    Key("expired", Limits.None) with
                    {
                        Expires = TimeProvider.System.GetUtcNow().AddSeconds(-1),
                    },
                ],
            },
        };

    /// <summary>A cluster of the owner's that is on its way out, with its operation; or a key of the admin's.</summary>
    internal async Task<string> SeedAsync(string path)
    {
        var cluster = Rows.Cluster(ns: $"everybody-{Rows.UniqueName()}", owner: "api_key/owner");
        var operation = Rows.Operation(cluster, OperationKind.Delete);
        cluster.Phase = ClusterPhase.Deleting;
        cluster.Desired = DesiredState.Deleted;
        cluster.CurrentOperationId = operation.Id;
        var key = path.Contains("{key}", StringComparison.Ordinal)
            ? (await Admin.PostAsync("/api/keys", new { name = Rows.UniqueName(), role = "viewer" })).Json.Text("id")
            : "";
        if (path.Contains('{', StringComparison.Ordinal))
        {
            await Stores.TransactAsync(
                store =>
                {
                    store.AddRange(cluster, operation);
                    return Task.CompletedTask;
                },
                Cancellation
            );
        }

        return path.Replace("{name}", cluster.Name, StringComparison.Ordinal)
            .Replace("{ns}", cluster.Namespace, StringComparison.Ordinal)
            .Replace("{operation}", operation.Id.ToString(), StringComparison.Ordinal)
            .Replace("{key}", key, StringComparison.Ordinal);
    }

    private Caller Known(string client) => With(client, KeyOf(client));

    private Caller With(string name, string credential) =>
        _callers.TryGetValue(name, out var known)
            ? known
            : _callers[name] = new Caller(
                Address,
                credential,
                bearer: credential.Contains('.') || credential.StartsWith("vcmc_", StringComparison.Ordinal)
            );

    private static ConfiguredApiKey Key(string client, Limits limits) =>
        new(client, KeyText.HashOf(KeyOf(client)), Role.Editor, Expires: null) { Limits = limits };

    private static string Token(string audience, int minutes = 60) =>
        Jwt.Hmac(
            new
            {
                sub = "root",
                username = "root",
                scope = "admin",
                aud = audience,
                exp = Jwt.Seconds(TimeProvider.System.GetUtcNow().AddMinutes(minutes)),
            }
        );

    private static string Tampered()
    {
        var token = Token("here");
        return Jwt.With(
            token,
            new
            {
                sub = "root",
                scope = "admin",
                aud = "here",
                exp = Jwt.Seconds(TimeProvider.System.GetUtcNow().AddDays(1)),
            }
        );
    }
}
