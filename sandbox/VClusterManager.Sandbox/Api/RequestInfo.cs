namespace VClusterManager.Sandbox.Api;

/// <summary>What a request is about, read from its method, path and query as the real server reads it.</summary>
internal sealed record RequestInfo(string Verb, string Path)
{
    public bool IsResource { get; init; }

    public string Group { get; init; } = "";

    public string Version { get; init; } = "";

    /// <summary>Empty when the request is for the cluster or for all namespaces.</summary>
    public string Namespace { get; init; } = "";

    public string Resource { get; init; } = "";

    public string Subresource { get; init; } = "";

    public string Name { get; init; } = "";

    public static RequestInfo Parse(string method, string path, IQueryCollection query)
    {
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString).ToArray();
        var rest = parts switch
        {
            ["api", _, .. var below] => below,
            ["apis", _, _, .. var below] => below,
            _ => [],
        };
        if (rest.Length == 0)
        {
            return new RequestInfo(method.ToLowerInvariant(), path);
        }

        var info = new RequestInfo("", path)
        {
            IsResource = true,
            Group = parts[0] == "api" ? "" : parts[1],
            Version = parts[0] == "api" ? parts[1] : parts[2],
        };
        info = WithResource(info, rest);
        return info with { Verb = VerbOf(method, info, query) };
    }

    private static RequestInfo WithResource(RequestInfo info, string[] rest) =>
        rest switch
        {
            ["namespaces", var ns] => info with { Resource = "namespaces", Name = ns, Namespace = ns },
            ["namespaces", var ns, "status" or "finalize"] => info with
            {
                Resource = "namespaces",
                Name = ns,
                Namespace = ns,
                Subresource = rest[2],
            },
            ["namespaces", var ns, var resource, .. var below] => info with
            {
                Namespace = ns,
                Resource = resource,
                Name = below.ElementAtOrDefault(0) ?? "",
                Subresource = below.ElementAtOrDefault(1) ?? "",
            },
            [var resource, .. var below] => info with
            {
                Resource = resource,
                Name = below.ElementAtOrDefault(0) ?? "",
                Subresource = below.ElementAtOrDefault(1) ?? "",
            },
            _ => info,
        };

    private static string VerbOf(string method, RequestInfo info, IQueryCollection query) =>
        method switch
        {
            "POST" => "create",
            "PUT" => "update",
            "PATCH" => "patch",
            "DELETE" => info.Name.Length > 0 ? "delete" : "deletecollection",
            "GET" or "HEAD" when info.Name.Length > 0 => "get",
            "GET" or "HEAD" => IsTrue(query["watch"]) ? "watch" : "list",
            _ => method.ToLowerInvariant(),
        };

    /// <summary>As apimachinery converts it: given is true, but for what says false.</summary>
    private static bool IsTrue(string? value) =>
        value is not (null or "0") && !value.Equals("false", StringComparison.OrdinalIgnoreCase);
}
