using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using VClusterManager.Contracts;

namespace VClusterManager.Client;

/// <summary>The wire records as JSON, without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(Cluster))]
[JsonSerializable(typeof(ClusterToken))]
[JsonSerializable(typeof(ClusterTokenCreate))]
[JsonSerializable(typeof(ClusterCreate))]
[JsonSerializable(typeof(ClusterList))]
[JsonSerializable(typeof(Operation))]
[JsonSerializable(typeof(OperationList))]
[JsonSerializable(typeof(ClusterExtend))]
[JsonSerializable(typeof(PruneRequest))]
[JsonSerializable(typeof(PruneReport))]
[JsonSerializable(typeof(UsageReport))]
[JsonSerializable(typeof(DynamicEndpointList))]
[JsonSerializable(typeof(HistoryList))]
[JsonSerializable(typeof(ServerInfo))]
[JsonSerializable(typeof(WebhookDelivery))]
[JsonSerializable(typeof(WebhookDeliveryList))]
[JsonSerializable(typeof(JsonObject))]
[JsonSerializable(typeof(ServerProblem))]
internal sealed partial class ClientJson : JsonSerializerContext;

/// <summary>The members of a problem document (RFC 9457) that the client tells of.</summary>
internal sealed record ServerProblem(string? Detail, Dictionary<string, string[]>? Errors);
