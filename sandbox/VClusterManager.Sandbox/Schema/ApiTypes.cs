using System.Collections.Concurrent;
using System.Globalization;
using VClusterManager.Sandbox.Resources;

namespace VClusterManager.Sandbox.Schema;

/// <summary>The API's types, read from the description that is built into the program.</summary>
internal static class ApiTypes
{
    private const string Resource = "VClusterManager.Sandbox.Schema.kubernetes-1.35.schema";

    private static readonly Dictionary<string, (bool Atomic, List<string> Lines)> Text = ReadText();
    private static readonly ConcurrentDictionary<string, StructShape> Parsed = [];

    private static readonly Dictionary<string, string> Packages = new(StringComparer.Ordinal)
    {
        [""] = "core",
        ["events.k8s.io"] = "events",
        ["authentication.k8s.io"] = "authentication",
        ["authorization.k8s.io"] = "authorization",
        ["certificates.k8s.io"] = "certificates",
        ["networking.k8s.io"] = "networking",
        ["rbac.authorization.k8s.io"] = "rbac",
        ["storage.k8s.io"] = "storage",
        ["admissionregistration.k8s.io"] = "admissionregistration",
        ["apiextensions.k8s.io"] = "apiextensions",
        ["scheduling.k8s.io"] = "scheduling",
        ["coordination.k8s.io"] = "coordination",
        ["node.k8s.io"] = "node",
        ["discovery.k8s.io"] = "discovery",
        ["resource.k8s.io"] = "resource",
        ["flowcontrol.apiserver.k8s.io"] = "flowcontrol",
    };

    public static IEnumerable<string> Names => Text.Keys;

    /// <summary>The type of a resource's objects; null for the few that the description leaves out.</summary>
    public static StructShape? Of(ResourceDefinition resource) => Of(resource.Group, resource.Version, resource.Kind);

    public static StructShape? Of(string group, string version, string kind)
    {
        var name = $"{Packages.GetValueOrDefault(group, group)}/{version}.{kind}";
        return Text.ContainsKey(name) ? Get(name) : null;
    }

    public static StructShape Get(string name) => Parsed.GetOrAdd(name, Parse);

    private static StructShape Parse(string name)
    {
        var (atomic, lines) = Text[name];
        return new StructShape(name, atomic, [.. lines.Select(ParseField)]);
    }

    private static FieldShape ParseField(string line)
    {
        var parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var field = new FieldShape(parts[0], int.Parse(parts[1], CultureInfo.InvariantCulture), ParseType(parts[2]))
        {
            Inline = parts[0] == "+",
        };
        return parts.Skip(3).Aggregate(field, WithFlag);
    }

    private static FieldShape WithFlag(FieldShape field, string flag) =>
        flag.Split('=') switch
        {
            ["?"] => field with { OmitEmpty = true },
            ["??"] => field with { OmitZero = true },
            ["patch", var strategy] => field with
            {
                MergePatch = strategy.Contains("merge", StringComparison.Ordinal),
                RetainKeys = strategy.Contains("retainKeys", StringComparison.Ordinal),
            },
            ["key", var key] => field with { PatchKey = key },
            ["map", var keys] => field with { ListKeys = keys.Split(',') },
            ["set"] => field with { Set = true },
            ["atomic"] => field with { Atomic = true },
            ["granular"] => field with { Granular = true },
            ["wrapped"] => field with { Wrapped = true },
            _ => throw new FormatException($"unknown flag {flag}"),
        };

    private static TypeShape ParseType(string text) =>
        text switch
        {
            ['*', .. var rest] => ParseType(rest) with { Pointer = true },
            ['[', ']', .. var rest] => new TypeShape(TypeKind.List, false) { Element = ParseType(rest) },
            ['{', '}', .. var rest] => new TypeShape(TypeKind.Map, false) { Element = ParseType(rest) },
            "string" => new TypeShape(TypeKind.String, false),
            "bool" => new TypeShape(TypeKind.Boolean, false),
            "int32" or "int64" or "uint8" or "uint16" or "uint32" => new TypeShape(TypeKind.Integer, false),
            "double" => new TypeShape(TypeKind.Double, false),
            "bytes" => new TypeShape(TypeKind.Bytes, false),
            "time" => new TypeShape(TypeKind.Time, false),
            "microtime" => new TypeShape(TypeKind.MicroTime, false),
            "duration" => new TypeShape(TypeKind.Duration, false),
            "quantity" => new TypeShape(TypeKind.Quantity, false),
            "intstr" => new TypeShape(TypeKind.IntOrString, false),
            "any" => new TypeShape(TypeKind.Any, false),
            _ => new TypeShape(TypeKind.Struct, false) { Lazy = new Lazy<StructShape>(() => Get(text)) },
        };

    private static Dictionary<string, (bool, List<string>)> ReadText()
    {
        using var stream = typeof(ApiTypes).Assembly.GetManifestResourceStream(Resource)!;
        using var reader = new StreamReader(stream);
        var types = new Dictionary<string, (bool, List<string>)>(StringComparer.Ordinal);
        List<string> lines = [];
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#'))
            {
                continue;
            }

            if (line.StartsWith(' '))
            {
                lines.Add(line);
                continue;
            }

            var header = line.Split(' ');
            types[header[0]] = (header.Contains("atomic"), lines = []);
        }

        return types;
    }
}
