using System.Security.Cryptography;
using System.Text;
using Xunit;

namespace VClusterManager.EndToEnd.Tests.TestHost;

/// <summary>An emulated host for the tests of one class, which run one after the other.</summary>
public class HostFixture : IAsyncLifetime
{
    private readonly List<ServerProcess> _servers = [];

    public SandboxProcess Sandbox { get; private set; } = null!;

    public HostControl Control => Sandbox.Control;

    public Kubectl Host => Sandbox.Host;

    /// <summary>All that the programs have said, for the messages of failures.</summary>
    public string Output =>
        string.Concat(_servers.Select((server, i) => $"--- server {i + 1}\n{server.Output}\n"))
        + $"--- sandbox\n{Sandbox.Output}";

    public virtual async ValueTask InitializeAsync()
    {
        Sandbox = await SandboxProcess.StartAsync("--host-only", "--ready-delay", "300ms");
        await Sandbox.LimitServersAsync();
    }

    /// <summary>A server on this host, started; it ends with the host at the latest.</summary>
    public async Task<ServerProcess> StartServerAsync(params (string Name, string Value)[] settings)
    {
        var server = AddServer(settings);
        await server.StartAsync();
        return server;
    }

    /// <summary>A server on this host that is still to be started.</summary>
    public ServerProcess AddServer(params (string Name, string Value)[] settings)
    {
        var all = settings.ToDictionary(s => s.Name, s => s.Value);
        // Each database is a manager of its own to the host; those who share one are the same.
        all.TryAdd(
            "INSTANCE",
            all.TryGetValue("DATABASE_URL", out var url) ? InstanceOf(url) : $"own-{_servers.Count}"
        );
        var server = new ServerProcess(Sandbox, all);
        _servers.Add(server);
        return server;
    }

    private static string InstanceOf(string database) =>
        "db-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(database)))[..12];

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }

        if (Sandbox is not null)
        {
            await Sandbox.DisposeAsync();
        }
    }
}

/// <summary>An emulated host with a server on it that all tests of a class share.</summary>
public class ServerFixture : HostFixture
{
    public ServerProcess Server { get; private set; } = null!;

    /// <summary>Variables that the server gets.</summary>
    protected virtual (string Name, string Value)[] Settings => [];

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Server = await StartServerAsync(Settings);
    }
}
