namespace VClusterManager.Server.Audit;

/// <summary>What a route does, in a word of the product (<c>cluster.create</c>), from its method and pattern. Pure.</summary>
internal static class AuditAction
{
    /// <summary>Of a path that no route has.</summary>
    public const string Unknown = "unknown";

    /// <param name="pattern">As it is mapped: <c>/api/clusters/{name}/extend</c>.</param>
    public static string Of(string method, string? pattern)
    {
        var parts = (pattern ?? "").Split('/', StringSplitOptions.RemoveEmptyEntries).AsSpan();
        if (parts is ["api", ..])
        {
            parts = parts[1..];
        }
        if (parts.IsEmpty || IsParameter(parts[0]))
        {
            return Unknown;
        }
        var last = LastParameter(parts);
        var thing = last < 0 ? 0 : last;
        while (IsParameter(parts[thing]))
        {
            thing--;
        }
        // /api/clusters:validate
        var (name, verb) = parts[thing].Split(':', 2) is [var before, var after]
            ? (before, after)
            : (parts[thing], null);
        verb ??= parts[^1] == parts[thing] || IsParameter(parts[^1]) ? VerbOf(method) : parts[^1];
        return $"{Singular(name)}.{verb}";
    }

    private static string VerbOf(string method) =>
        method.ToUpperInvariant() switch
        {
            "GET" or "HEAD" or "OPTIONS" => "read",
            "POST" => "create",
            "PUT" or "PATCH" => "update",
            "DELETE" => "delete",
            _ => method.ToLowerInvariant(),
        };

    private static int LastParameter(ReadOnlySpan<string> parts)
    {
        for (var i = parts.Length - 1; i >= 0; i--)
        {
            if (IsParameter(parts[i]))
            {
                return i;
            }
        }
        return -1;
    }

    private static bool IsParameter(string part) => part.StartsWith('{');

    /// <summary>Collections are named by their plural; <c>k8s</c> is none.</summary>
    private static string Singular(string name) =>
        name.EndsWith("ies", StringComparison.Ordinal) ? name[..^3] + "y"
        : name.EndsWith('s') && name.Length > 3 && char.IsLetter(name[^2]) && name[^2] != 's' ? name[..^1]
        : name;
}
