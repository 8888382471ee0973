using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Authentication;
using VClusterManager.Sandbox.Json;
using VClusterManager.Sandbox.Ownership;
using VClusterManager.Sandbox.Registry;
using VClusterManager.Sandbox.Resources;

namespace VClusterManager.Sandbox.Api;

/// <summary>Hands out tokens of service accounts for a time.</summary>
internal static class TokenRequests
{
    private const long DefaultSeconds = 3600;
    private const long ShortestSeconds = 600;

    private static readonly ResourceDefinition Definition = new(
        "authentication.k8s.io",
        "v1",
        "tokenrequests",
        "TokenRequest",
        Namespaced: true
    );

    public static async Task AnswerAsync(ResourceRequest request)
    {
        var body = await RequestBody.ReadObjectAsync(request.Http, Definition.Kind);
        var json = ObjectForm.Decode(Definition, body, request.WriteOptions);
        var account = request.Cluster.Registry.Get(request.Resource, request.Namespace, request.Info.Name);
        var now = request.Cluster.Time.GetUtcNow();
        UpdateTracking.Track(Definition, null, json, request.WriteOptions, now);
        var metadata = json.Ensure("metadata");
        metadata["name"] = account.Name;
        metadata["namespace"] = account.Namespace;
        metadata["uid"] = account.Uid;
        metadata["creationTimestamp"] = Timestamps.Format(now);
        var seconds = json.Number("spec", "expirationSeconds") ?? DefaultSeconds;
        if (seconds < ShortestSeconds)
        {
            throw Refusals.Invalid(
                Definition.Group,
                Definition.Kind,
                "",
                [
                    FieldError.Invalid(
                        "spec.expirationSeconds",
                        $"{seconds}",
                        "may not specify a duration less than 10 minutes"
                    ),
                ]
            );
        }

        var audiences = json.Texts("spec", "audiences").DefaultIfEmpty(ServiceAccountTokens.Issuer).ToList();
        var spec = json.Ensure("spec");
        spec["audiences"] = new JsonArray([.. audiences.Select(audience => (JsonNode)audience)]);
        spec["expirationSeconds"] = seconds;
        var ends = now.AddSeconds(seconds);
        json["status"] = new JsonObject
        {
            ["token"] = request.Cluster.ServiceAccountTokens.Issue(
                account.Namespace,
                account.Name,
                account.Uid,
                audiences,
                ends
            ),
            ["expirationTimestamp"] = Timestamps.Format(ends),
        };
        await request.Http.WriteJsonAsync(201, ObjectForm.Arrange(Definition, json));
    }
}
