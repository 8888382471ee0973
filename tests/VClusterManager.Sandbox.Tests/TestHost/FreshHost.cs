namespace VClusterManager.Sandbox.Tests.TestHost;

/// <summary>A host for one test alone, where it changes what others would notice.</summary>
internal sealed class FreshHost : IAsyncDisposable
{
    private FreshHost(SandboxHost sandbox) => Sandbox = sandbox;

    public SandboxHost Sandbox { get; }

    public static async Task<FreshHost> StartAsync(EmulatedHostOptions? options = null)
    {
        var sandbox = new SandboxHost(options ?? new EmulatedHostOptions());
        await sandbox.InitializeAsync();
        return new FreshHost(sandbox);
    }

    public ValueTask DisposeAsync() => Sandbox.DisposeAsync();
}
