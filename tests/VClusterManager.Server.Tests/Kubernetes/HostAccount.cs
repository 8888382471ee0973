using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Kubernetes;

namespace VClusterManager.Server.Tests.Kubernetes;

/// <summary>A service account on an emulated host, with the rights that a test gives it, and a connection in its name.</summary>
internal sealed partial class HostAccount : IDisposable
{
    private const string Name = "limited";

    private readonly EmulatedWorld _world;
    private readonly HostConnection _connection;

    private HostAccount(EmulatedWorld world, HostConnection connection)
    {
        (_world, _connection) = (world, connection);
        Api = new HostApi(connection, TimeProvider.System) { Timeout = TimeSpan.FromSeconds(30) };
    }

    public HostApi Api { get; }

    public static async Task<HostAccount> MakeAsync(EmulatedWorld world, IEnumerable<HostRight> rights)
    {
        await world.MakeAsync(Object("v1", "ServiceAccount", new() { ["namespace"] = "default" }));
        var role = Object("rbac.authorization.k8s.io/v1", "ClusterRole", []);
        role["rules"] = RulesOf(rights);
        await world.MakeAsync(role);
        var binding = Object("rbac.authorization.k8s.io/v1", "ClusterRoleBinding", []);
        binding["roleRef"] = new JsonObject { ["kind"] = "ClusterRole", ["name"] = Name };
        binding["subjects"] = new JsonArray(
            new JsonObject
            {
                ["kind"] = "ServiceAccount",
                ["name"] = Name,
                ["namespace"] = "default",
            }
        );
        await world.MakeAsync(binding);
        return new HostAccount(world, Connect(world, await TokenAsync(world)));
    }

    public async Task MayAsync(IEnumerable<HostRight> rights)
    {
        var path = HostResource.ClusterRole.Object(null, Name);
        var patch = new JsonObject { ["rules"] = RulesOf(rights) };
        var done = await _world.Api.WriteAsync(HttpMethod.Patch, path, patch, CancellationToken.None);
        if (done is not HostWrite.Done)
        {
            throw new InvalidOperationException($"The role cannot be changed: {done}");
        }
    }

    public void Dispose() => _connection.Dispose();

    private static async Task<string> TokenAsync(EmulatedWorld world)
    {
        var asked = await world.Api.AskAsync(
            $"{HostResource.ServiceAccount.Object("default", Name)}/token",
            new JsonObject { ["spec"] = new JsonObject() },
            answer => answer.GetProperty("status").GetProperty("token").GetString()!,
            CancellationToken.None
        );
        return ((HostAnswer<string>.Found)asked).Value;
    }

    private static HostConnection Connect(EmulatedWorld world, string token)
    {
        var admin = File.ReadAllText(world.Configuration.Files[0]);
        var file = world.Configuration.Files[0] + "-" + Name;
        File.WriteAllText(file, Certificate().Replace(admin, $"token: {token}"));
        var configuration = new HostConfiguration(new KubernetesOptions { Kubeconfig = file, Context = null });
        return new HostConnection(configuration, new HostClock(TimeProvider.System), TimeProvider.System);
    }

    private static JsonArray RulesOf(IEnumerable<HostRight> rights) =>
        [
            .. rights.Select(right => new JsonObject
            {
                ["apiGroups"] = new JsonArray(right.Group),
                ["resources"] = new JsonArray(right.Resource),
                ["verbs"] = new JsonArray(right.Verb),
            }),
        ];

    private static JsonObject Object(string version, string kind, JsonObject metadata)
    {
        metadata["name"] = Name;
        return new JsonObject
        {
            ["apiVersion"] = version,
            ["kind"] = kind,
            ["metadata"] = metadata,
        };
    }

    [GeneratedRegex(@"client-certificate-data: \S+\s+client-key-data: \S+", RegexOptions.None, 1000)]
    private static partial Regex Certificate();
}
