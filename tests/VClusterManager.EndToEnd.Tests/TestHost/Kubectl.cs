using System.Text.Json.Nodes;

namespace VClusterManager.EndToEnd.Tests.TestHost;

/// <summary>The real kubectl on one cluster.</summary>
/// <param name="folder">For its cache.</param>
public sealed class Kubectl(string kubeconfig, string folder)
{
    // Its cache makes it, but it must be there to be the working folder.
    private readonly string _folder = Directory.CreateDirectory(folder).FullName;

    /// <summary>Runs it and returns what it prints; fails with that when it fails.</summary>
    public async Task<string> RunAsync(params string[] arguments)
    {
        await using var run = ChildProcess.Start(
            BuildPaths.Kubectl,
            ["--kubeconfig", kubeconfig, "--cache-dir", Path.Combine(_folder, "kubectl"), .. arguments],
            _folder,
            new Dictionary<string, string>()
        );
        return await run.EndAsync(Eventually.Patience) == 0
            ? run.StandardOutput
            : throw new InvalidOperationException($"kubectl {string.Join(' ', arguments)} failed:\n{run.Output}");
    }

    public async Task<JsonNode> JsonAsync(params string[] arguments) =>
        JsonNode.Parse(await RunAsync([.. arguments, "-o", "json"]))!;

    /// <summary>The objects of these kinds in a namespace, be it there or not.</summary>
    public async Task<IReadOnlyList<JsonNode>> ListAsync(string kinds, string ns, string selector = "") =>
        [.. (await JsonAsync("get", kinds, "-n", ns, "-l", selector))["items"]!.AsArray().Select(item => item!)];
}
