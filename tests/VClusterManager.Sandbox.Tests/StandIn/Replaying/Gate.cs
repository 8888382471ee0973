namespace VClusterManager.Sandbox.Tests.StandIn.Replaying;

/// <summary>Holds one helm just before it takes its lock.</summary>
internal sealed class Gate(Stage stage, string name) : IDisposable
{
    private readonly string _path = Path.Combine(stage.Temporary, "gate-" + name);

    /// <summary>What the helm is to be told.</summary>
    public string Fault => "gate:" + _path;

    public Task UntilReachedAsync() =>
        Stage.UntilAsync(
            () => Task.FromResult(Directory.GetFiles(stage.Temporary, Path.GetFileName(_path) + ".*").Length > 0),
            $"the helm of {name} has come to its gate"
        );

    public void Open() => File.WriteAllText(_path, "");

    public void Dispose()
    {
        foreach (var file in Directory.GetFiles(stage.Temporary, Path.GetFileName(_path) + "*"))
        {
            File.Delete(file);
        }
    }
}
