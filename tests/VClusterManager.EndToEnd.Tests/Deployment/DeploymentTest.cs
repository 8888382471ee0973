using VClusterManager.EndToEnd.Tests.TestHost;

namespace VClusterManager.EndToEnd.Tests.Deployment;

/// <summary>Tests that run the tools with which people install it.</summary>
public abstract class DeploymentTest(HostFixture fixture) : EndToEndTest(fixture)
{
    /// <summary>Runs helm on the host, and returns what it prints.</summary>
    protected Task<string> HelmAsync(params string[] arguments) => RunAsync(BuildPaths.Helm, arguments);

    /// <summary>Runs a program with the host's kubeconfig, and returns what it prints; fails with that when it fails.</summary>
    protected async Task<string> RunAsync(string program, params string[] arguments)
    {
        var (code, run) = await TryAsync(program, arguments);
        return code == 0
            ? run.StandardOutput
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} failed:\n{run.Output}");
    }

    protected async Task<(int Code, ChildProcess Run)> TryAsync(string program, params string[] arguments)
    {
        await using var run = ChildProcess.Start(
            program,
            arguments,
            Fixture.Sandbox.Folder,
            new Dictionary<string, string>
            {
                ["KUBECONFIG"] = Fixture.Sandbox.State.Kubeconfig,
                ["HOME"] = Fixture.Sandbox.Folder,
            }
        );
        return (await run.EndAsync(Eventually.Patience), run);
    }
}
