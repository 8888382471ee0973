using System.Reflection;

namespace VClusterManager.Server.Tests.Architecture;

/// <summary>
/// Which type names which, read from the compiled code: bases, members and their signatures, attributes, and every
/// instruction of every method. What the compiler folds away (constants, nameof) is not in it.
/// </summary>
internal sealed class CodeMap
{
    private const BindingFlags Declared =
        BindingFlags.Public
        | BindingFlags.NonPublic
        | BindingFlags.Instance
        | BindingFlags.Static
        | BindingFlags.DeclaredOnly;

    private readonly HashSet<Use> _uses = [];

    private CodeMap(IEnumerable<Type> types)
    {
        foreach (var type in types)
        {
            ReadType(type);
        }
    }

    public static CodeMap Server { get; } = new(typeof(Server.Configuration.ConfigurationSources).Assembly.GetTypes());

    public IReadOnlyCollection<Use> Uses => _uses;

    /// <summary>The map of one type and what is nested in it.</summary>
    public static CodeMap Of(Type type) =>
        new([
            type,
            .. type.GetNestedTypes(Declared).SelectMany(t => (IEnumerable<Type>)[t, .. t.GetNestedTypes(Declared)]),
        ]);

    private void ReadType(Type type)
    {
        Add(type, type.BaseType);
        AddAll(type, type.GetInterfaces());
        AddAll(
            type,
            type.GetGenericArguments().SelectMany(a => a.IsGenericParameter ? a.GetGenericParameterConstraints() : [a])
        );
        ReadAttributes(type, type);
        foreach (var field in type.GetFields(Declared))
        {
            Add(type, field.FieldType);
            ReadAttributes(type, field);
        }

        foreach (var property in type.GetProperties(Declared))
        {
            ReadAttributes(type, property);
        }

        foreach (var method in type.GetMethods(Declared).Cast<MethodBase>().Concat(type.GetConstructors(Declared)))
        {
            ReadMethod(type, method);
        }
    }

    private void ReadMethod(Type type, MethodBase method)
    {
        ReadAttributes(type, method);
        AddAll(type, method.GetParameters().Select(p => p.ParameterType));
        Add(type, (method as MethodInfo)?.ReturnType);
        if (method.GetMethodBody() is not { } body)
        {
            return;
        }

        AddAll(type, body.LocalVariables.Select(v => v.LocalType));
        AddAll(type, body.ExceptionHandlingClauses.Select(CaughtType));
        foreach (var member in Instructions.MembersIn(method, body))
        {
            ReadMember(type, member);
        }
    }

    private void ReadMember(Type type, MemberInfo member)
    {
        if (member is Type named)
        {
            Add(type, named);
            return;
        }

        Add(type, member.DeclaringType, Use.NameOf(member));
        switch (member)
        {
            case FieldInfo field:
                Add(type, field.FieldType);
                break;
            case MethodBase method:
                AddAll(type, method.GetParameters().Select(p => p.ParameterType));
                AddAll(type, method.IsGenericMethod ? method.GetGenericArguments() : []);
                Add(type, (method as MethodInfo)?.ReturnType);
                break;
        }
    }

    private void ReadAttributes(Type type, MemberInfo member) =>
        AddAll(type, member.GetCustomAttributesData().Select(a => a.AttributeType));

    private void AddAll(Type from, IEnumerable<Type?> types)
    {
        foreach (var type in types)
        {
            Add(from, type);
        }
    }

    /// <param name="member">Of <paramref name="to"/> itself, and not of its type arguments.</param>
    private void Add(Type from, Type? to, string? member = null)
    {
        var writer = Use.Written(from);
        foreach (var (index, part) in (to is null ? [] : Use.Parts(to)).Index())
        {
            var target = Use.Written(part);
            if (target != writer)
            {
                _uses.Add(new Use(writer, target, index == 0 ? member : null));
            }
        }
    }

    private static Type? CaughtType(ExceptionHandlingClause clause) =>
        clause.Flags == ExceptionHandlingClauseOptions.Clause ? clause.CatchType : null;
}
