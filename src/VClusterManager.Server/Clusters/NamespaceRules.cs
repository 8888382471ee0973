using VClusterManager.Server.Configuration;

namespace VClusterManager.Server.Clusters;

/// <summary>Which namespace of the host a cluster goes to. Pure.</summary>
internal static class NamespaceRules
{
    /// <summary>Of a namespace on Kubernetes, which is a DNS label.</summary>
    public const int MaxLength = 63;

    private const string Start = "vcluster-";

    /// <summary>The namespace for a cluster: what was asked for or <c>vcluster-{name}</c>, with the prefix in front.</summary>
    public static string Resolve(string? asked, ClusterName name, string prefix)
    {
        var plain = string.IsNullOrEmpty(asked) ? Start + name : asked;
        return plain.StartsWith(prefix, StringComparison.Ordinal) ? plain : prefix + plain;
    }

    /// <summary>The name of a cluster that would have got this namespace, where nothing else tells which one it was.</summary>
    public static string ClusterOf(string @namespace)
    {
        var at = @namespace.IndexOf(Start, StringComparison.Ordinal);
        var name = at < 0 ? @namespace : @namespace[(at + Start.Length)..];
        return name.Length > 0 ? name : @namespace;
    }

    /// <summary>What is wrong with it as a namespace; <see langword="null"/>: nothing.</summary>
    public static string? Check(string resolved, VClusterOptions options)
    {
        if (resolved.Length > MaxLength)
        {
            return $"{Quote.Of(resolved)} has {resolved.Length} characters; at most {MaxLength} are allowed";
        }
        if (!resolved.All(ClusterName.IsAllowed) || resolved[0] == '-' || resolved[^1] == '-')
        {
            return $"{Quote.Of(resolved)} is no valid namespace: lower-case letters, digits and '-', beginning and ending with a letter or digit";
        }
        return IsReserved(resolved, options.ReservedNamespaces)
            ? $"{Quote.Of(resolved)} is reserved and never given to a cluster"
            : null;
    }

    /// <summary>Kubernetes' own, and what the configuration lists (an entry may end in <c>*</c>).</summary>
    internal static bool IsReserved(string resolved, IReadOnlyList<string> reserved) =>
        resolved == "default"
        || resolved.StartsWith("kube-", StringComparison.Ordinal)
        || reserved.Any(entry =>
            entry.EndsWith('*')
                ? resolved.StartsWith(entry[..^1], StringComparison.Ordinal)
                : resolved.Equals(entry, StringComparison.Ordinal)
        );
}
