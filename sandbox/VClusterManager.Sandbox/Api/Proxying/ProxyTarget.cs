using System.Globalization;
using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Containers;
using VClusterManager.Sandbox.Json;
using VClusterManager.Sandbox.Resources;
using VClusterManager.Sandbox.Store;

namespace VClusterManager.Sandbox.Api.Proxying;

/// <summary>Where a proxied request goes: the name in its path is <c>[scheme:]name[:port]</c>, of a pod or of a Service.</summary>
internal sealed record ProxyTarget(string Scheme, StoredObject Pod, int Port)
{
    private const int Usual = 80;

    public string Address => string.Create(CultureInfo.InvariantCulture, $"{Pod.Json.Text("status", "podIP")}:{Port}");

    public static ProxyTarget Find(ResourceRequest request)
    {
        var (scheme, name, port) = request.Info.Name.Split(':') switch
        {
            [var one] => ("http", one, ""),
            [var one, var two] => ("http", one, two),
            ["http" or "https" or "", var two, var three] parts => (
                parts[0].Length == 0 ? "http" : parts[0],
                two,
                three
            ),
            _ => throw Refusals.BadRequest(
                $"invalid {request.Resource.Kind.ToLowerInvariant()} request \"{request.Info.Name}\""
            ),
        };
        var stored = request.Cluster.Registry.Get(request.Resource, request.Namespace, name);
        return request.Resource == ResourceCatalog.Pods
            ? new ProxyTarget(scheme, stored, PortOf(stored, port))
            : BehindService(request, scheme, stored, port);
    }

    private static int PortOf(StoredObject pod, string port)
    {
        if (port.Length == 0)
        {
            var declared = pod.Json.Objects("spec", "containers").SelectMany(container => container.Objects("ports"));
            return (int)(declared.FirstOrDefault().Number("containerPort") ?? Usual);
        }

        return int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw Refusals.BadRequest($"invalid port \"{port}\"");
    }

    private static ProxyTarget BehindService(ResourceRequest request, string scheme, StoredObject service, string port)
    {
        var chosen =
            service
                .Json.Objects("spec", "ports")
                .FirstOrDefault(one =>
                    port.Length == 0
                    || one.Text("name") == port
                    || one.Number("port")?.ToString(CultureInfo.InvariantCulture) == port
                )
            ?? throw Refusals.Unavailable($"no service port \"{port}\" found for service \"{service.Name}\"");
        var endpoints = request.Cluster.Store.Find(ResourceCatalog.Endpoints, service.Namespace, service.Name);
        var pod = endpoints
            ?.Json.Objects("subsets")
            .SelectMany(subset => subset.Objects("addresses"))
            .Select(address => address.Text("targetRef", "name"))
            .Select(name => request.Cluster.Store.Find(ResourceCatalog.Pods, service.Namespace, name ?? ""))
            .FirstOrDefault(found => found is not null);
        if (pod is null)
        {
            throw Refusals.Unavailable($"no endpoints available for service \"{service.Name}\"");
        }

        return new ProxyTarget(scheme, pod, TargetPort(pod, chosen));
    }

    private static int TargetPort(StoredObject pod, JsonObject port) =>
        (int?)port.Number("targetPort")
        ?? (port.Text("targetPort") is { } name ? PodPorts.Resolve(pod, name) : null)
        ?? (int)(port.Number("port") ?? Usual);
}
