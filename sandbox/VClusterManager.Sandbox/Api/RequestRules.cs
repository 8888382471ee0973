using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Json;
using VClusterManager.Sandbox.Resources;

namespace VClusterManager.Sandbox.Api;

/// <summary>What a request may ask for, and that what it brings is what its address names.</summary>
internal static class RequestRules
{
    private const int LongestManager = 128;
    private const string Match = "resourceVersionMatch";
    private const string Exact = "Exact";
    private const string NotOlderThan = "NotOlderThan";

    private static readonly string[] Validations = ["", "Ignore", "Strict", "Warn"];
    private static readonly string[] Propagations = ["Foreground", "Background", "Orphan", "nil"];
    private static readonly string[] Protected = ["default", "kube-public", "kube-system"];

    /// <summary>The options in the query, which have no form of their own that could be decoded strictly.</summary>
    public static void CheckOptions(ResourceRequest request)
    {
        var errors = OptionErrors(request).ToList();
        if (errors.Count > 0)
        {
            var verb = request.Info.Verb;
            var kind = verb == "deletecollection" ? "Delete" : char.ToUpperInvariant(verb[0]) + verb[1..];
            throw Refusals.Invalid("meta.k8s.io", $"{kind}Options", "", errors);
        }
    }

    /// <summary>Which version a list shows, or a watch begins with, can be said only in ways that make sense together.</summary>
    public static void CheckList(ResourceRequest request)
    {
        var errors = (request.Info.Verb == "watch" ? WatchErrors(request.Query) : ListErrors(request.Query)).ToList();
        if (errors.Count > 0)
        {
            throw Refusals.Invalid("meta.k8s.io", "ListOptions", "", errors);
        }
    }

    public static void CheckNew(ResourceRequest request, JsonObject body)
    {
        CheckKind(request.Resource, body);
        CheckNamespace(request, body);
        if (body.Text("metadata", "resourceVersion") is { Length: > 0 } and not "0")
        {
            throw new StatusException(500, "", "resourceVersion should not be set on objects to be created");
        }
    }

    /// <summary>For what is put in an object's place, or is what it shall become by a patch.</summary>
    public static void CheckChanged(ResourceRequest request, JsonObject body)
    {
        CheckKind(request.Resource, body);
        CheckNamespace(request, body);
        CheckName(request, body);
    }

    public static void CheckApplied(ResourceRequest request, JsonObject config)
    {
        if (config.Text("kind") is null || config.Text("apiVersion") is null)
        {
            throw Refusals.BadRequest(
                "error decoding YAML: Object 'Kind' is missing in '" + config.ToJsonString() + "'"
            );
        }

        CheckChanged(request, config);
    }

    public static void CheckName(ResourceRequest request, JsonObject body)
    {
        if (body.Text("metadata", "name") is { } name && name != request.Info.Name)
        {
            throw Refusals.BadRequest(
                $"the name of the object ({name}) does not match the name on the URL ({request.Info.Name})"
            );
        }
    }

    /// <summary>Some namespaces are there for good.</summary>
    public static void CheckDeletion(ResourceRequest request)
    {
        var name = request.Info.Name;
        if (request.Resource == ResourceCatalog.Namespaces && Protected.Contains(name))
        {
            throw Refusals.Forbidden("namespaces", "", name, "this namespace may not be deleted");
        }
    }

    private static IEnumerable<FieldError> ListErrors(IQueryCollection query)
    {
        var match = query["resourceVersionMatch"].ToString();
        var version = query["resourceVersion"].ToString();
        if (match.Length > 0 && version.Length == 0)
        {
            yield return ForbiddenMatch("resourceVersionMatch is forbidden unless resourceVersion is provided");
        }

        if (match.Length > 0 && query["continue"].ToString().Length > 0)
        {
            yield return ForbiddenMatch("resourceVersionMatch is forbidden when continue is provided");
        }

        if (match is not ("" or Exact or NotOlderThan))
        {
            yield return FieldError.Unsupported(Match, $"\"{match}\"", Exact, NotOlderThan, "");
        }

        if (match == Exact && version == "0")
        {
            yield return ForbiddenMatch("resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"");
        }

        if (query.ContainsKey("sendInitialEvents"))
        {
            yield return FieldError.Forbidden("sendInitialEvents", "sendInitialEvents is forbidden for list");
        }
    }

    private static IEnumerable<FieldError> WatchErrors(IQueryCollection query)
    {
        var match = query["resourceVersionMatch"].ToString();
        var initial = query.ContainsKey("sendInitialEvents");
        if (initial && match != NotOlderThan)
        {
            yield return ForbiddenMatch($"sendInitialEvents requires setting resourceVersionMatch to {NotOlderThan}");
        }

        if (match.Length > 0 && !initial)
        {
            yield return ForbiddenMatch(
                "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided"
            );
        }

        if (match is not ("" or NotOlderThan))
        {
            yield return FieldError.Unsupported(Match, $"\"{match}\"", NotOlderThan);
        }
    }

    private static FieldError ForbiddenMatch(string why) => FieldError.Forbidden(Match, why);

    private static IEnumerable<FieldError> OptionErrors(ResourceRequest request)
    {
        var query = request.Query;
        if (query["dryRun"].Any(value => value != "All"))
        {
            var given = string.Join(",", query["dryRun"].Select(value => $"\"{value}\""));
            yield return FieldError.Unsupported("dryRun", $"[{given}]", "All");
        }

        if (!Validations.Contains(query["fieldValidation"].ToString()))
        {
            yield return FieldError.Unsupported("fieldValidation", $"\"{query["fieldValidation"]}\"", Validations);
        }

        if (query["fieldManager"].ToString().Length > LongestManager)
        {
            yield return new FieldError(
                "fieldManager",
                "FieldValueTooLong",
                $"Too long: may not be more than {LongestManager} bytes"
            );
        }

        var applies = request.Http.Request.ContentType?.Contains("apply-patch", StringComparison.Ordinal) == true;
        if (request.Info.Verb == "patch" && !applies && query.ContainsKey("force"))
        {
            yield return FieldError.Forbidden("force", "may not be specified for non-apply patch");
        }

        if (query["propagationPolicy"].ToString() is { Length: > 0 } policy && !Propagations.Contains(policy))
        {
            yield return FieldError.Unsupported("propagationPolicy", $"\"{policy}\"", Propagations);
        }
    }

    private static void CheckKind(ResourceDefinition resource, JsonObject body)
    {
        var kind = body.Text("kind");
        var version = body.Text("apiVersion");
        if ((kind is not null && kind != resource.Kind) || (version is not null && version != resource.ApiVersion))
        {
            throw Refusals.BadRequest(
                $"{kind} in version \"{version}\" cannot be handled as a {resource.Kind}: the object provided is unrecognized"
            );
        }
    }

    private static void CheckNamespace(ResourceRequest request, JsonObject body)
    {
        if (
            request.Resource.Namespaced
            && body.Text("metadata", "namespace") is { Length: > 0 } ns
            && ns != request.Namespace
        )
        {
            throw Refusals.BadRequest(
                "the namespace of the provided object does not match the namespace sent on the request"
            );
        }
    }
}
