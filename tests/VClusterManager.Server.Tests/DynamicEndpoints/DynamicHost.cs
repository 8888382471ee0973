using VClusterManager.Server.Configuration;
using VClusterManager.Server.Identity;
using VClusterManager.Server.Identity.Keys;
using VClusterManager.Server.Tests.Configuration;
using VClusterManager.Server.Tests.TestHost;

namespace VClusterManager.Server.Tests.DynamicEndpoints;

/// <summary>A manager that serves endpoints of a file of its own, with a few more commands than kubectl and vcluster.</summary>
public class DynamicHost : ManagerHost
{
    private readonly List<Caller> _callers = [];

    /// <summary>Commands and their endpoints may write here.</summary>
    internal string Folder { get; } = Directory.CreateTempSubdirectory("vcm-dynamic-").FullName;

    internal string File => Path.Combine(Folder, "endpoints.yaml");

    internal static string Kubectl { get; } =
        Path.Combine(RepositoryFolder.Path, ".cache", "tools", "kubectl", "kubectl");

    internal static string Tool { get; } =
        Path.Combine(AppContext.BaseDirectory, "DynamicEndpoints", "Files", "tool.sh");

    /// <summary>What the file holds at the start.</summary>
    private protected virtual string Yaml => System.IO.File.ReadAllText(EndpointsFileTests.Shipped);

    /// <summary>Editors who are bound to something.</summary>
    internal Caller BoundTo(string ns) => Known(ns == "team-a" ? "bound-a" : "bound-b");

    internal Caller BoundToOwn => Known("bound-own");

    /// <summary>A folder that is empty.</summary>
    internal string NewFolder() =>
        Directory.CreateDirectory(Path.Combine(Folder, Guid.NewGuid().ToString("N"))).FullName;

    private protected override ManagerOptions Configure(ManagerOptions options)
    {
        System.IO.File.WriteAllText(File, Yaml);
        return options with
        {
            Server = options.Server with
            {
                Limits = new LimitOptions { ReadsPerSecond = 10_000, ChangesPerSecond = 10_000 },
            },
            VCluster = options.VCluster with { Kubectl = Kubectl },
            Processes = options.Processes with { Environment = [] },
            DynamicEndpoints = new DynamicEndpointsOptions
            {
                File = File,
                IsNamed = true,
                Commands = new Dictionary<string, string> { ["dump"] = "/usr/bin/printf", ["tool"] = Tool },
            },
            Auth = options.Auth with
            {
                ApiKeys =
                [
                    .. options.Auth.ApiKeys,
                    Key("bound-a", new Limits { Namespaces = ["team-a", "vcluster-*"] }),
                    Key("bound-b", new Limits { Namespaces = ["team-b"] }),
                    Key("bound-own", new Limits { OwnClusters = true }),
                ],
            },
        };
    }

    private protected override Task StoppedAsync()
    {
        _callers.ForEach(c => c.Dispose());
        Directory.Delete(Folder, recursive: true);
        return Task.CompletedTask;
    }

    private Caller Known(string client)
    {
        Caller caller = new(Address, KeyOf(client));
        _callers.Add(caller);
        return caller;
    }

    private static ConfiguredApiKey Key(string client, Limits limits) =>
        new(client, KeyText.HashOf(KeyOf(client)), Role.Editor, Expires: null) { Limits = limits };
}
