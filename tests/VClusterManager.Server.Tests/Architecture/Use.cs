using System.Reflection;

namespace VClusterManager.Server.Tests.Architecture;

/// <summary>One type names another.</summary>
/// <param name="From">As people wrote it: closures and state machines count for the type that they were written in.</param>
/// <param name="To">As it was written, without its type arguments.</param>
/// <param name="Member">The method, field or property, where it was one.</param>
internal sealed record Use(Type From, Type To, string? Member)
{
    /// <summary>Fit for the message of a test that fails.</summary>
    public override string ToString() => $"{From.FullName} -> {To.FullName}{(Member is null ? "" : "." + Member)}";

    public static Type Written(Type type) => type.DeclaringType is { } outer ? Written(outer) : type;

    /// <summary>The type itself, what it is an array or a pointer of, and its type arguments.</summary>
    public static IEnumerable<Type> Parts(Type type)
    {
        if (type.HasElementType)
        {
            return Parts(type.GetElementType()!);
        }

        if (type.IsGenericParameter)
        {
            return [];
        }

        return type.IsConstructedGenericType
            ? [type.GetGenericTypeDefinition(), .. type.GetGenericArguments().SelectMany(Parts)]
            : [type];
    }

    public static string NameOf(MemberInfo member) =>
        member.Name.StartsWith("get_", StringComparison.Ordinal)
        || member.Name.StartsWith("set_", StringComparison.Ordinal)
            ? member.Name[4..]
            : member.Name;
}
