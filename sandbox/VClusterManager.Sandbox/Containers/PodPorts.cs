using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Json;
using VClusterManager.Sandbox.Store;

namespace VClusterManager.Sandbox.Containers;

/// <summary>On which ports the containers of a pod listen.</summary>
internal static class PodPorts
{
    private const int Usual = 80;

    /// <summary>The ports that a container declares; the usual one for a server in a pod that declares none at all.</summary>
    public static IEnumerable<int> ServedBy(StoredObject pod, JsonObject container)
    {
        var declared = container.Objects("ports").Select(port => (int)(port.Number("containerPort") ?? 0)).ToList();
        if (declared.Count > 0)
        {
            return declared;
        }

        var first = pod.Json.Objects("spec", "containers").First();
        var none = !pod.Json.Objects("spec", "containers").SelectMany(one => one.Objects("ports")).Any();
        var runsCommand = container.At("command") is not null || container.At("args") is not null;
        return none && first.Text("name") == container.Text("name") && !runsCommand ? [Usual] : [];
    }

    /// <summary>The container that listens on a port; null where none does.</summary>
    public static JsonObject? Listener(StoredObject pod, int port) =>
        pod.Json.Objects("spec", "containers").FirstOrDefault(container => ServedBy(pod, container).Contains(port));

    /// <summary>A port given by number or by the name that a container gives it.</summary>
    public static int? Resolve(StoredObject pod, string port) =>
        int.TryParse(port, System.Globalization.CultureInfo.InvariantCulture, out var number)
            ? number
            : (int?)
                pod
                    .Json.Objects("spec", "containers")
                    .SelectMany(container => container.Objects("ports"))
                    .FirstOrDefault(declared => declared.Text("name") == port)
                    .Number("containerPort");
}
