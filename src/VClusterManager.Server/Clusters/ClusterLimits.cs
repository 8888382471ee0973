using VClusterManager.Server.Http;
using VClusterManager.Server.Identity;

namespace VClusterManager.Server.Clusters;

/// <summary>What callers are bound to, held against what they ask for. Pure; a refusal says which limit it is.</summary>
internal static class ClusterLimits
{
    public static Problem? Namespace(Principal who, string @namespace) =>
        who.IsAdmin || who.Limits.Allow(@namespace)
            ? null
            : Forbidden(
                $"The namespace {@namespace} is not for {who.Name}, who is bound to {string.Join(", ", who.Limits.Namespaces!)}."
            );

    /// <param name="hours">From a cluster's creation; <see langword="null"/>: not asked for.</param>
    public static Problem? Ttl(Principal who, int? hours) => hours > Most(who) ? TooLong(who) : null;

    /// <summary>An end that is put off again and again is none: it counts from the creation.</summary>
    public static Problem? End(Principal who, DateTimeOffset created, DateTimeOffset ends) =>
        Most(who) is { } most && ends > created.AddHours(most) ? TooLong(who) : null;

    /// <summary>What a cluster gets that asks for no time to live: no more than the caller may give it.</summary>
    public static int DefaultTtl(Principal who, int? asked, int @default) =>
        asked ?? (Most(who) is { } most && most < @default ? most : @default);

    /// <param name="has">How many clusters are the caller's.</param>
    public static Problem? Count(Principal who, int has) =>
        !who.IsAdmin && has >= who.Limits.MaxClusters
            ? Forbidden(
                $"{who.Name} may have {who.Limits.MaxClusters} clusters at once, and has {has}: delete one first."
            )
            : null;

    private static int? Most(Principal who) => who.IsAdmin ? null : who.Limits.MaxTtlHours;

    private static Problem TooLong(Principal who) =>
        Forbidden($"A cluster of {who.Name} may live for {who.Limits.MaxTtlHours} hours from its creation at most.");

    private static Problem Forbidden(string detail) => new(ProblemKind.Forbidden, detail);
}
