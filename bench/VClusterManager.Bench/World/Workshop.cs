using VClusterManager.Sandbox.Running;

namespace VClusterManager.Bench.World;

/// <summary>Where one figure is measured: a folder, and what was started for it. All of it is gone at the end.</summary>
internal sealed class Workshop(BenchOptions options) : IAsyncDisposable
{
    private readonly Stack<IAsyncDisposable> _started = new();
    private int _folders;

    public BenchOptions Options { get; } = options;

    public string Folder { get; } = Directory.CreateTempSubdirectory("vcm-bench-").FullName;

    /// <summary>The emulated host that was started last.</summary>
    public Sandbox? Sandbox { get; private set; }

    public async Task<Sandbox> StartSandboxAsync(string readyDelay) =>
        Sandbox = Keep(await Bench.World.Sandbox.StartAsync(NewFolder(), readyDelay));

    /// <summary>A manager on the emulated host, with a configuration and a database of its own; not started yet.</summary>
    public ManagerServer CreateManager(Sandbox sandbox, string? executable = null, bool readOnly = false) =>
        new(Options.Server, sandbox, NewFolder(), FreePort.Find(), executable ?? sandbox.State.VCluster, readOnly);

    public async Task<ManagerServer> StartManagerAsync(Sandbox sandbox, string? executable = null)
    {
        var manager = Keep(CreateManager(sandbox, executable));
        await manager.StartAsync();
        return manager;
    }

    /// <summary>A bare Kestrel; not started yet.</summary>
    /// <param name="answer">What it answers to everything, and of what type.</param>
    public BareServer CreateBare((byte[] Bytes, string Type)? answer = null) =>
        new(Options.Bare, NewFolder(), FreePort.Find(), answer);

    public async Task<BareServer> StartBareAsync((byte[] Bytes, string Type)? answer = null)
    {
        var bare = Keep(CreateBare(answer));
        await bare.StartAsync();
        return bare;
    }

    /// <summary>YARP with nothing on it, in front of one server.</summary>
    /// <param name="certificates">What the files of its certificates are called, but for their endings.</param>
    public async Task<BareProxy> StartBareProxyAsync(Uri destination, string certificates)
    {
        var proxy = Keep(
            new BareProxy(
                Options.Bare,
                NewFolder(),
                FreePort.Find(),
                destination,
                certificates,
                TlsDoor.Make(FreePort.Find(), NewFolder())
            )
        );
        await proxy.StartAsync();
        return proxy;
    }

    /// <summary>Ends it with the workshop.</summary>
    public T Keep<T>(T started)
        where T : IAsyncDisposable
    {
        _started.Push(started);
        return started;
    }

    public string NewFolder() => Directory.CreateDirectory(Path.Combine(Folder, $"{++_folders}")).FullName;

    public async ValueTask DisposeAsync()
    {
        while (_started.TryPop(out var one))
        {
            await one.DisposeAsync();
        }

        Directory.Delete(Folder, recursive: true);
    }
}
