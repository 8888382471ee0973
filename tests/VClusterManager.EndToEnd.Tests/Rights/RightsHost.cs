using VClusterManager.EndToEnd.Tests.TestHost;

namespace VClusterManager.EndToEnd.Tests.Rights;

/// <summary>A host on which servers have the rights of the manifests, and tests change those.</summary>
public sealed class RightsHost : HostFixture
{
    public const string Used = "vcluster-manager";
    public const string PassedOn = "vcluster-manager-grants";
    public const string Endpoints = "vcluster-manager-endpoints";

    /// <summary>A server that serves the shipped endpoints, and does not wait long for finalizers.</summary>
    public Task<ServerProcess> StartServerAsync() => StartServerAsync(Settings);

    /// <summary>Such a server that is still to be started.</summary>
    public ServerProcess AddServer() => AddServer(Settings);

    private static (string, string)[] Settings =>
        [
            ("VCM__VCLUSTER__TIMEOUTS__GONE", "20s"),
            ("VCM__DYNAMIC_ENDPOINTS__CONFIG_PATH", Path.Combine(AppContext.BaseDirectory, "config", "endpoints.yaml")),
        ];

    /// <summary>A role of the manager as it is on the host; the lease's is the one in <c>default</c>.</summary>
    public async Task<RoleRules> RoleAsync(string name) =>
        RoleRules.Of(await Host.JsonAsync("get", "clusterrole", name));

    public async Task<RoleRules> LeaseRoleAsync() =>
        RoleRules.Of(await Host.JsonAsync("get", "role", Used, "--namespace", "default"));

    /// <summary>Writes these roles, in the place of what they were.</summary>
    public async Task WriteAsync(IEnumerable<RoleRules> roles)
    {
        var manifests = string.Join("\n---\n", roles.Select(role => role.ToJson().ToJsonString()));
        await Host.RunAsync("replace", "--filename", await FileAsync("roles.yaml", manifests));
    }

    public async Task<string> FileAsync(string name, string text)
    {
        var path = Path.Combine(Sandbox.Folder, name);
        await File.WriteAllTextAsync(path, text);
        return path;
    }
}
