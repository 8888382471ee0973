using Microsoft.AspNetCore.WebUtilities;

namespace VClusterManager.Server.Access.Proxy;

/// <summary>What a request asks of the Kubernetes API, in the words of its RBAC. Pure.</summary>
/// <param name="Verb">Such as <c>get</c>, <c>list</c>, <c>watch</c>, <c>create</c>, <c>deletecollection</c>.</param>
/// <param name="Resource">With its subresource (<c>pods/exec</c>); empty for paths that name none.</param>
/// <param name="GoesOn">Its answer lasts for as long as somebody listens.</param>
internal sealed record KubernetesCall(string Verb, string Resource, string? Namespace, string? Name, bool GoesOn)
{
    /// <summary>The connection becomes another one, which the API server does not understand.</summary>
    public bool IsUpgrade { get; private init; }

    /// <summary>Sessions: what is done in them nobody sees from outside.</summary>
    public bool OpensSession =>
        (IsUpgrade && Verb != "watch")
        || Resource
            is "pods/exec"
                or "pods/attach"
                or "pods/portforward"
                or "pods/proxy"
                or "services/proxy"
                or "nodes/proxy";

    /// <summary>It may change something. What asks who one is and what one may do is created, and changes nothing.</summary>
    public bool IsWrite => OpensSession || (Verb is not ("get" or "list" or "watch" or "options") && !AsksAboutItself);

    /// <summary>For the audit: a session is named after what it is.</summary>
    public string Action =>
        OpensSession && Resource.Length > 0 ? Resource[(Resource.IndexOf('/', StringComparison.Ordinal) + 1)..] : Verb;

    /// <summary>As the audit names its target: <c>pods/exec default/web-0</c>.</summary>
    public string Target =>
        string.Join(
            ' ',
            new[] { Resource, Name is null ? Namespace : $"{Namespace}/{Name}".TrimStart('/') }.Where(t =>
                t?.Length > 0
            )
        );

    private bool AsksAboutItself =>
        Verb == "create" && Resource is "selfsubjectreviews" or "selfsubjectaccessreviews" or "selfsubjectrulesreviews";

    public static KubernetesCall Of(string method, ProxyPath path, bool isUpgrade)
    {
        var parts = Parts(path.Path);
        var watches = parts is ["watch", ..] || IsTrue(path.Query, "watch");
        parts = parts is ["watch", ..] ? parts[1..] : parts;
        string? ns = null;
        if (parts is ["namespaces", var within, _, ..] && !IsOfNamespace(parts[2]))
        {
            (ns, parts) = (within, parts[2..]);
        }

        var (resource, name, sub) = parts switch
        {
            [] => ("", null, null),
            [var kind] => (kind, (string?)null, (string?)null),
            [var kind, var one] => (kind, one, null),
            [var kind, var one, var below, ..] => (kind, one, below),
        };
        return new KubernetesCall(
            VerbOf(method, isNamed: name is not null || resource.Length == 0, watches),
            sub is null ? resource : $"{resource}/{sub}",
            ns,
            name,
            isUpgrade || watches || IsTrue(path.Query, "follow")
        )
        {
            IsUpgrade = isUpgrade,
        };
    }

    /// <summary>As the API server reads it: the first value counts, names have their case, and all is true that is not false.</summary>
    private static bool IsTrue(string query, string option)
    {
        foreach (var given in new QueryStringEnumerable(query))
        {
            if (given.DecodeName().Span.SequenceEqual(option))
            {
                var value = given.DecodeValue().Span;
                return !value.SequenceEqual("0") && !value.Equals("false", StringComparison.OrdinalIgnoreCase);
            }
        }

        return false;
    }

    /// <summary>What comes after <c>/api/v1</c> or <c>/apis/GROUP/VERSION</c>; nothing for other paths.</summary>
    private static string[] Parts(string path) =>
        // Decoded, as the API server takes them: a letter may be written in two ways.
        Array.ConvertAll(path.Split('/', StringSplitOptions.RemoveEmptyEntries), Uri.UnescapeDataString) switch
        {
            ["api", _, .. var rest] => rest,
            ["apis", _, _, .. var rest] => rest,
            _ => [],
        };

    /// <summary>Subresources of a namespace itself, not resources within it.</summary>
    private static bool IsOfNamespace(string part) => part is "status" or "finalize";

    private static string VerbOf(string method, bool isNamed, bool watches) =>
        method switch
        {
            "GET" or "HEAD" when watches => "watch",
            "GET" or "HEAD" => isNamed ? "get" : "list",
            "POST" => "create",
            "PUT" => "update",
            "PATCH" => "patch",
            "DELETE" => isNamed ? "delete" : "deletecollection",
            _ => method.ToLowerInvariant(),
        };
}
