using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Json;
using VClusterManager.Sandbox.Registry;
using VClusterManager.Sandbox.Store;

namespace VClusterManager.Sandbox.Containers;

/// <summary>The insides of all containers of one cluster. One comes into being when someone first looks into it.</summary>
internal sealed class ContainerWorld(TimeProvider time) : IDisposable
{
    private readonly ConcurrentDictionary<(string PodUid, string Container), RunningContainer> _containers = [];
    private readonly CancellationTokenSource _stopping = new();

    public RunningContainer Of(StoredObject pod, JsonObject container) =>
        _containers.GetOrAdd((pod.Uid, container.Text("name") ?? ""), _ => Make(pod, container));

    /// <summary>Runs the commands of a pod's containers; <paramref name="ended"/> is called for each that has ended.</summary>
    public void Start(StoredObject pod, Action ended)
    {
        foreach (var container in pod.Json.Objects("spec", "containers").Select(container => Of(pod, container)))
        {
            if (container.HasCommand)
            {
                container.Start(ended, _stopping.Token);
            }
        }
    }

    public void Forget(string podUid)
    {
        foreach (var key in _containers.Keys.Where(key => key.PodUid == podUid))
        {
            if (_containers.TryRemove(key, out var container))
            {
                container.Log.Complete();
            }
        }
    }

    public void Dispose()
    {
        _stopping.Cancel();
        _stopping.Dispose();
    }

    private RunningContainer Make(StoredObject pod, JsonObject container)
    {
        var made = new RunningContainer(pod, container, time);
        var started = Timestamps.Parse(pod.Json.Text("status", "startTime")) ?? time.GetUtcNow();
        foreach (var port in PodPorts.ServedBy(pod, container))
        {
            made.Log.Write(started, $"listening on port {port}");
        }

        return made;
    }
}
