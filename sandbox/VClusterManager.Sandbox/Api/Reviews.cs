using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Authentication;
using VClusterManager.Sandbox.Authorization;
using VClusterManager.Sandbox.Json;
using VClusterManager.Sandbox.Ownership;
using VClusterManager.Sandbox.Registry;

namespace VClusterManager.Sandbox.Api;

/// <summary>Questions that are posed by creating an object and answered in its status: who am I, may I.</summary>
internal static class Reviews
{
    public static async Task AnswerAsync(ResourceRequest request)
    {
        var body = await RequestBody.ReadObjectAsync(request.Http, request.Resource.Kind);
        var json = ObjectForm.Decode(request.Resource, body, request.WriteOptions);
        var now = request.Cluster.Time.GetUtcNow();
        var answered = request.Resource.Kind switch
        {
            "SelfSubjectReview" => SelfSubject(request.Caller, now),
            "SelfSubjectRulesReview" => Rules(request, json),
            "TokenReview" => Token(request, Tracked(request, json, now)),
            "SelfSubjectAccessReview" => Access(request, Tracked(request, json, now), request.Caller),
            "SubjectAccessReview" or "LocalSubjectAccessReview" => Access(
                request,
                Tracked(request, json, now),
                SubjectOf(json)
            ),
            _ => throw Refusals.NoSuchResource(),
        };
        await request.Http.WriteJsonAsync(201, ObjectForm.Arrange(request.Resource, answered));
    }

    private static JsonObject Tracked(ResourceRequest request, JsonObject json, DateTimeOffset now)
    {
        UpdateTracking.Track(request.Resource, null, json, request.WriteOptions, now);
        return json;
    }

    private static JsonObject SelfSubject(Identity caller, DateTimeOffset now) =>
        new()
        {
            ["metadata"] = new JsonObject { ["creationTimestamp"] = Timestamps.Format(now) },
            ["status"] = new JsonObject { ["userInfo"] = UserInfo(caller) },
        };

    private static JsonObject Token(ResourceRequest request, JsonObject json)
    {
        var identity = request.Cluster.Authenticator.FromToken(json.Text("spec", "token") ?? "");
        json["status"] = identity is null
            ? new JsonObject { ["user"] = new JsonObject(), ["error"] = "invalid bearer token" }
            : new JsonObject
            {
                ["authenticated"] = true,
                ["user"] = UserInfo(identity),
                ["audiences"] = new JsonArray(ServiceAccountTokens.Issuer),
            };
        return json;
    }

    private static JsonObject Access(ResourceRequest request, JsonObject json, Identity subject)
    {
        var reason = request.Cluster.Authorizer.Allows(subject, AttributesOf(json));
        var status = new JsonObject { ["allowed"] = reason is not null };
        if (!string.IsNullOrEmpty(reason))
        {
            status["reason"] = reason;
        }

        json["status"] = status;
        return json;
    }

    private static JsonObject Rules(ResourceRequest request, JsonObject json)
    {
        var ns = json.Text("spec", "namespace");
        if (string.IsNullOrEmpty(ns))
        {
            throw Refusals.BadRequest("no namespace on request");
        }

        var rules = request.Cluster.Authorizer.RulesOf(request.Caller, ns).ToList();
        return new JsonObject
        {
            // The real server answers with an empty spec.
            ["status"] = new JsonObject
            {
                ["resourceRules"] = new JsonArray([
                    .. rules.Where(rule => rule.Resources.Count > 0).Select(rule => rule.ToJson()),
                ]),
                ["nonResourceRules"] = new JsonArray([
                    .. rules.Where(rule => rule.Paths.Count > 0).Select(rule => rule.ToJson()),
                ]),
                ["incomplete"] = false,
            },
        };
    }

    private static AccessAttributes AttributesOf(JsonObject json)
    {
        if (json.Object("spec", "nonResourceAttributes") is { } plain)
        {
            return new AccessAttributes(plain.Text("verb") ?? "") { Path = plain.Text("path") ?? "" };
        }

        var wanted = json.Object("spec", "resourceAttributes");
        return new AccessAttributes(wanted.Text("verb") ?? "")
        {
            Group = wanted.Text("group") ?? "",
            Resource = wanted.Text("resource") ?? "",
            Subresource = wanted.Text("subresource") ?? "",
            Namespace = wanted.Text("namespace") ?? "",
            Name = wanted.Text("name") ?? "",
        };
    }

    private static Identity SubjectOf(JsonObject json) =>
        new(json.Text("spec", "user") ?? "", [.. json.Texts("spec", "groups")], json.Text("spec", "uid") ?? "");

    private static JsonObject UserInfo(Identity identity)
    {
        var info = new JsonObject { ["username"] = identity.User };
        if (identity.Uid.Length > 0)
        {
            info["uid"] = identity.Uid;
        }

        info["groups"] = new JsonArray([.. identity.Groups.Select(group => (JsonNode)group)]);
        if (identity.Extra.Count > 0)
        {
            info["extra"] = new JsonObject(
                identity.Extra.Select(extra => KeyValuePair.Create(extra.Key, (JsonNode?)new JsonArray(extra.Value)))
            );
        }

        return info;
    }
}
