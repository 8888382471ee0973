using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Controllers.Loop;
using VClusterManager.Sandbox.Controllers.Workloads;
using VClusterManager.Sandbox.Json;
using VClusterManager.Sandbox.Store;

namespace VClusterManager.Sandbox.Controllers.Network;

/// <summary>The old and the new form of "these pods answer for this Service".</summary>
internal static class EndpointForms
{
    public static JsonObject Endpoints(StoredObject service, IReadOnlyList<StoredObject> pods)
    {
        var labels = Labels(service);
        labels["endpoints.kubernetes.io/managed-by"] = "endpoint-controller";
        var json = new JsonObject { ["metadata"] = new JsonObject { ["labels"] = labels } };
        var ready = pods.Where(pod => IsServed(service, pod)).ToList();
        var notReady = pods.Where(pod => !IsServed(service, pod)).ToList();
        if (pods.Count == 0)
        {
            return json;
        }

        var subset = new JsonObject();
        if (ready.Count > 0)
        {
            subset["addresses"] = new JsonArray([.. ready.Select(pod => Address(service, pod))]);
        }

        if (notReady.Count > 0)
        {
            subset["notReadyAddresses"] = new JsonArray([.. notReady.Select(pod => Address(service, pod))]);
        }

        subset["ports"] = Ports(service);
        json["subsets"] = new JsonArray(subset);
        return json;
    }

    public static JsonObject Slice(StoredObject service, IReadOnlyList<StoredObject> pods)
    {
        var labels = Labels(service);
        labels["endpointslice.kubernetes.io/managed-by"] = "endpointslice-controller.k8s.io";
        labels["kubernetes.io/service-name"] = service.Name;
        var owner = Owners.Controller(service);
        return new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["generateName"] = $"{service.Name}-",
                ["labels"] = labels,
                ["ownerReferences"] = owner,
            },
            ["addressType"] = "IPv4",
            ["endpoints"] = new JsonArray([.. pods.Select(pod => Endpoint(service, pod))]),
            ["ports"] = Ports(service),
        };
    }

    private static bool IsServed(StoredObject service, StoredObject pod) =>
        pod.IsReady() || service.Json.Flag("spec", "publishNotReadyAddresses");

    private static JsonObject Labels(StoredObject service)
    {
        var labels = service.Labels?.Copy() ?? [];
        if (service.Json.Text("spec", "clusterIP") == "None")
        {
            labels["service.kubernetes.io/headless"] = "";
        }

        return labels;
    }

    private static JsonObject Address(StoredObject service, StoredObject pod)
    {
        var address = new JsonObject { ["ip"] = pod.Json.Text("status", "podIP") };
        if (pod.Json.Text("spec", "subdomain") == service.Name && pod.Json.Text("spec", "hostname") is { } host)
        {
            address["hostname"] = host;
        }

        address["nodeName"] = pod.Json.Text("spec", "nodeName");
        address["targetRef"] = Target(pod);
        return address;
    }

    private static JsonObject Endpoint(StoredObject service, StoredObject pod)
    {
        var ready = IsServed(service, pod);
        return new JsonObject
        {
            ["addresses"] = new JsonArray(pod.Json.Text("status", "podIP")),
            ["conditions"] = new JsonObject
            {
                ["ready"] = ready,
                ["serving"] = pod.IsReady(),
                ["terminating"] = pod.Deleting,
            },
            ["targetRef"] = Target(pod),
            ["nodeName"] = pod.Json.Text("spec", "nodeName"),
        };
    }

    private static JsonObject Target(StoredObject pod) =>
        new()
        {
            ["kind"] = "Pod",
            ["namespace"] = pod.Namespace,
            ["name"] = pod.Name,
            ["uid"] = pod.Uid,
        };

    private static JsonArray Ports(StoredObject service) =>
        new([
            .. service
                .Json.Objects("spec", "ports")
                .Select(port => new JsonObject
                {
                    ["name"] = port.Text("name") ?? "",
                    ["port"] = port.Number("targetPort") ?? port.Number("port"),
                    ["protocol"] = port.Text("protocol"),
                }),
        ]);
}
