using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Json;

namespace VClusterManager.Sandbox.Api.Tables;

/// <summary>Columns of what belongs to the network.</summary>
internal static class NetworkColumns
{
    private const int ShownAddresses = 3;

    public static TableColumn[] Services(TableColumn name, TableColumn age) =>
        [
            name,
            TableColumns.Column("Type", "spec", "type"),
            new("Cluster-IP", (json, _) => json.Text("spec", "clusterIP") is { Length: > 0 } ip ? ip : "<none>"),
            new("External-IP", (json, _) => json.Text("spec", "type") == "LoadBalancer" ? "<pending>" : "<none>"),
            new("Port(s)", (json, _) => Ports(json)),
            age,
            new("Selector", (json, _) => TableColumns.Selector(json.Object("spec", "selector"))) { Wide = true },
        ];

    public static TableColumn[] Slices(TableColumn name, TableColumn age) =>
        [
            name,
            TableColumns.Column("AddressType", "addressType"),
            new(
                "Ports",
                (json, _) => Joined(json.Objects("ports").Select(port => port.Number("port")?.ToString() ?? ""))
            ),
            new(
                "Endpoints",
                (json, _) => Joined(json.Objects("endpoints").SelectMany(endpoint => endpoint.Texts("addresses")))
            ),
            age,
        ];

    public static TableColumn[] Ingresses(TableColumn name, TableColumn age) =>
        [
            name,
            new("Class", (json, _) => json.Text("spec", "ingressClassName") ?? "<none>"),
            new("Hosts", (json, _) => Joined(json.Objects("spec", "rules").Select(rule => rule.Text("host") ?? "*"))),
            new("Address", (_, _) => ""),
            new("Ports", (json, _) => json.Array("spec", "tls") is { Count: > 0 } ? "80, 443" : "80"),
            age,
        ];

    public static string Addresses(JsonObject endpoints)
    {
        var all = endpoints
            .Objects("subsets")
            .SelectMany(subset =>
                subset
                    .Objects("ports")
                    .SelectMany(port =>
                        subset.Objects("addresses").Select(address => $"{address.Text("ip")}:{port.Number("port")}")
                    )
            );
        return Joined(all);
    }

    private static string Ports(JsonObject service)
    {
        var ports = service
            .Objects("spec", "ports")
            .Select(port =>
                port.Number("nodePort") is { } node and > 0
                    ? $"{port.Number("port")}:{node}/{port.Text("protocol")}"
                    : $"{port.Number("port")}/{port.Text("protocol")}"
            );
        return string.Join(',', ports) is { Length: > 0 } text ? text : "<none>";
    }

    private static string Joined(IEnumerable<string> values)
    {
        var all = values.ToList();
        var shown = string.Join(',', all.Take(ShownAddresses));
        return all.Count == 0 ? "<none>"
            : all.Count > ShownAddresses ? $"{shown} + {all.Count - ShownAddresses} more..."
            : shown;
    }
}
