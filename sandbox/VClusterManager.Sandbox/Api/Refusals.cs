using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Resources;

namespace VClusterManager.Sandbox.Api;

/// <summary>Every refusal that the API gives, in the words of the real one.</summary>
internal static class Refusals
{
    public static StatusException NotFound(ResourceDefinition resource, string name) =>
        new(
            404,
            "NotFound",
            $"{resource.GroupResource} \"{name}\" not found",
            Details(name, resource.Group, resource.Plural)
        );

    public static StatusException NoSuchResource() =>
        new(404, "NotFound", "the server could not find the requested resource", []);

    public static StatusException AlreadyExists(ResourceDefinition resource, string name) =>
        new(
            409,
            "AlreadyExists",
            $"{resource.GroupResource} \"{name}\" already exists",
            Details(name, resource.Group, resource.Plural)
        );

    public static StatusException Conflict(ResourceDefinition resource, string name, string why) =>
        new(
            409,
            "Conflict",
            $"Operation cannot be fulfilled on {resource.GroupResource} \"{name}\": {why}",
            Details(name, resource.Group, resource.Plural)
        );

    public static StatusException Modified(ResourceDefinition resource, string name) =>
        Conflict(
            resource,
            name,
            "the object has been modified; please apply your changes to the latest version and try again"
        );

    /// <summary>A precondition that does not hold. The real server names the kind here where it elsewhere names the resource.</summary>
    public static StatusException PreconditionFailed(ResourceDefinition resource, string name, string why) =>
        new(
            409,
            "Conflict",
            $"Operation cannot be fulfilled on {resource.Kind} \"{name}\": {why}",
            Details(name, "", resource.Kind)
        );

    public static StatusException BadRequest(string message) => new(400, "BadRequest", message);

    public static StatusException Unauthorized() => new(401, "Unauthorized", "Unauthorized");

    public static StatusException Forbidden(string resource, string group, string? name, string why)
    {
        var groupResource = group.Length == 0 ? resource : $"{resource}.{group}";
        var subject = string.IsNullOrEmpty(name) ? groupResource : $"{groupResource} \"{name}\"";
        return new(403, "Forbidden", $"{subject} is forbidden: {why}", Details(name, group, resource));
    }

    public static StatusException ForbiddenPath(string why) => new(403, "Forbidden", $"forbidden: {why}", []);

    public static StatusException NamespaceTerminating(ResourceDefinition resource, string name, string ns)
    {
        var details = Details(name, resource.Group, resource.Plural);
        details["causes"] = new JsonArray(
            Cause("NamespaceTerminating", $"namespace {ns} is being terminated", "metadata.namespace")
        );
        return new(
            403,
            "Forbidden",
            $"{resource.GroupResource} \"{name}\" is forbidden: unable to create new content in namespace {ns} because it is being terminated",
            details
        );
    }

    public static StatusException Invalid(string group, string kind, string name, IReadOnlyList<FieldError> errors)
    {
        var details = Details(name, group, kind);
        details["causes"] = new JsonArray([
            .. errors.Select(error => (JsonNode)Cause(error.Reason, error.Message, error.Field)),
        ]);
        var texts = errors.Select(error => $"{error.Field}: {error.Message}").Distinct().ToList();
        var message = texts.Count == 1 ? texts[0] : $"[{string.Join(", ", texts)}]";
        var groupKind = group.Length == 0 ? kind : $"{kind}.{group}";
        return new(422, "Invalid", $"{groupKind} \"{name}\" is invalid: {message}", details);
    }

    /// <summary>A patch that does not fit the object, such as a failed test of a JSON patch.</summary>
    public static StatusException PatchRejected() =>
        new(422, "Invalid", "the server rejected our request due to an error in our request", []);

    public static StatusException UnsupportedMediaType() =>
        new(415, "UnsupportedMediaType", "415: Unsupported Media Type", []);

    public static StatusException NotAcceptable() =>
        new(
            406,
            "NotAcceptable",
            "only the following media types are accepted: application/json, application/yaml, application/vnd.kubernetes.protobuf"
        );

    public static StatusException MethodNotAllowed() =>
        new(405, "MethodNotAllowed", "the server does not allow this method on the requested resource", []);

    public static StatusException InternalError(string message)
    {
        var details = new JsonObject { ["causes"] = new JsonArray(new JsonObject { ["message"] = message }) };
        return new(500, "InternalError", $"Internal error occurred: {message}", details);
    }

    public static StatusException Expired(string message) => new(410, "Expired", message);

    public static StatusException TooManyRequests(string message) => new(429, "TooManyRequests", message, []);

    public static StatusException Unavailable(string message) =>
        new(503, "ServiceUnavailable", message) { RetryAfter = 1 };

    public static StatusException TooLargeVersion(long asked, long current)
    {
        var details = new JsonObject
        {
            ["causes"] = new JsonArray(Cause("ResourceVersionTooLarge", "Too large resource version", null)),
            ["retryAfterSeconds"] = 1,
        };
        return new(504, "Timeout", $"Timeout: Too large resource version: {asked}, current: {current}", details)
        {
            RetryAfter = 1,
        };
    }

    public static JsonObject Cause(string reason, string message, string? field)
    {
        var cause = new JsonObject { ["reason"] = reason, ["message"] = message };
        if (!string.IsNullOrEmpty(field))
        {
            cause["field"] = field;
        }

        return cause;
    }

    private static JsonObject Details(string? name, string group, string kind)
    {
        var details = new JsonObject();
        if (!string.IsNullOrEmpty(name))
        {
            details["name"] = name;
        }

        if (group.Length > 0)
        {
            details["group"] = group;
        }

        details["kind"] = kind;
        return details;
    }
}

/// <summary>One field of an object that breaks a rule, in the words of the real server.</summary>
internal sealed record FieldError(string Field, string Reason, string Message)
{
    public static FieldError Required(string field, string why = "") =>
        new(field, "FieldValueRequired", why.Length == 0 ? "Required value" : $"Required value: {why}");

    public static FieldError Invalid(string field, string value, string why) =>
        new(field, "FieldValueInvalid", $"Invalid value: {value}: {why}");

    public static FieldError Unsupported(string field, string value, params IEnumerable<string> supported) =>
        new(
            field,
            "FieldValueNotSupported",
            $"Unsupported value: {value}: supported values: {string.Join(", ", supported.Select(one => $"\"{one}\""))}"
        );

    public static FieldError Forbidden(string field, string why) =>
        new(field, "FieldValueForbidden", $"Forbidden: {why}");
}
