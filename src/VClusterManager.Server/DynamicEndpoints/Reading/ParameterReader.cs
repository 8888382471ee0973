using System.Text.RegularExpressions;
using VClusterManager.Server.Configuration.Raw;
using VClusterManager.Server.DynamicEndpoints.Definitions;
using VClusterManager.Server.DynamicEndpoints.Running;

namespace VClusterManager.Server.DynamicEndpoints.Reading;

/// <summary>A parameter, and the arguments that come with it.</summary>
internal sealed record WrittenParameter(
    ParameterDefinition Definition,
    IReadOnlyList<(string Text, string Key, Origin At)> Arguments,
    string Key,
    Origin At
);

/// <summary>Reads the parameters of an endpoint: a map by name, or a list of maps with a <c>name</c>.</summary>
internal static class ParameterReader
{
    private const int MostParameters = 50;
    private const int DefaultLength = 1024;
    private const int MostLength = 1024 * 1024;
    private const int DefaultEntries = 50;
    private const int MostEntries = 1000;

    private static readonly Dictionary<string, ParameterPlace> s_places = new()
    {
        ["path"] = ParameterPlace.Path,
        ["query"] = ParameterPlace.Query,
        ["body"] = ParameterPlace.Body,
    };

    private static readonly Dictionary<string, ParameterType> s_itemTypes = new()
    {
        ["string"] = ParameterType.String,
        ["integer"] = ParameterType.Integer,
        ["number"] = ParameterType.Number,
        ["boolean"] = ParameterType.Boolean,
        ["enum"] = ParameterType.Enum,
        ["k8s-name"] = ParameterType.K8sName,
    };

    private static readonly Dictionary<string, ParameterType> s_types = new(s_itemTypes)
    {
        ["list"] = ParameterType.List,
    };

    /// <summary>The word for a type, as it is written.</summary>
    public static string WordOf(ParameterType type) => s_types.First(t => t.Value == type).Key;

    public static IReadOnlyList<WrittenParameter> Read(Fields endpoint)
    {
        List<WrittenParameter> read = [];
        var entries = Entries(endpoint).Take(MostParameters + 1).ToList();
        if (entries.Count > MostParameters)
        {
            endpoint.Fail("parameters", $"are more than {MostParameters}");
        }

        foreach (var (name, fields) in entries)
        {
            if (name is null || !TextTemplate.IsName(name))
            {
                fields.Errors.Add(
                    fields.Origin,
                    fields.Path,
                    "the name of a parameter must be lower-case letters, digits and '_', beginning with a letter"
                );
            }
            else if (read.Exists(p => p.Definition.Name == name))
            {
                fields.Errors.Add(fields.Origin, fields.Path, $"there is a parameter {name} already");
            }
            else
            {
                read.Add(ReadOne(name, fields));
            }
        }

        return read;
    }

    private static IEnumerable<(string? Name, Fields Fields)> Entries(Fields endpoint)
    {
        var key = endpoint.KeyOf("parameters");
        switch (endpoint.Node("parameters"))
        {
            case null:
                return [];
            case RawMap map:
                return map
                    .Entries.Select(e => (Name: e.Key, Map: AsMap(e.Value, $"{key}.{e.Key}", endpoint.Errors)))
                    .Where(e => e.Map is not null)
                    .Select(e => ((string?)e.Name, new Fields(e.Map!, $"{key}.{e.Name}", endpoint.Errors)));
            case RawList list:
                return list
                    .Items.Select((item, index) => (Map: AsMap(item, $"{key}[{index}]", endpoint.Errors), index))
                    .Where(e => e.Map is not null)
                    .Select(e => new Fields(e.Map!, $"{key}[{e.index}]", endpoint.Errors))
                    .Select(fields => (fields.Text("name", required: true), fields));
            default:
                endpoint.Fail("parameters", "must be a map from names to parameters, or a list of them");
                return [];
        }
    }

    private static RawMap? AsMap(RawNode node, string key, ErrorList errors)
    {
        if (node is not RawMap map)
        {
            errors.Add(node.Origin, key, $"must be a map, not {node.Words}");
            return null;
        }

        return map;
    }

    private static WrittenParameter ReadOne(string name, Fields fields)
    {
        var before = fields.Errors.Count;
        var place = fields.Choice("in", ParameterPlace.Query, s_places);
        var type = fields.Choice("type", ParameterType.String, s_types);
        var itemType = fields.Choice("items", ParameterType.String, s_itemTypes);
        var (pattern, patternText) = Pattern(fields);
        var choices = fields.Words("enum")?.Select(w => w.Text).ToList();
        var isList = type == ParameterType.List;
        var parameter = new ParameterDefinition
        {
            Name = name,
            Description = fields.Text("description") ?? "",
            In = place,
            Type = type,
            ItemType = itemType,
            Required = fields.Boolean("required") ?? place == ParameterPlace.Path,
            Pattern = pattern,
            PatternText = patternText,
            Choices = choices,
            Min = fields.Number("min", isList ? 0 : long.MinValue, isList ? MostEntries : long.MaxValue, whole: isList),
            Max =
                fields.Number("max", isList ? 0 : long.MinValue, isList ? MostEntries : long.MaxValue, whole: isList)
                ?? (isList ? DefaultEntries : null),
            MaxLength = (int?)fields.Number("max_length", 1, MostLength) ?? DefaultLength,
        };
        parameter = parameter with { Default = Default(fields, isList) };
        var arguments = fields.Words("args") ?? [];
        Check(parameter, fields);
        if (fields.Errors.Count == before && parameter.Default is { } value)
        {
            if (ParameterCheck.WrongWith(parameter, value) is { } wrong)
            {
                fields.Fail("default", wrong);
            }
        }

        fields.End();
        return new WrittenParameter(parameter, arguments, fields.Path, fields.Origin);
    }

    private static IReadOnlyList<string>? Default(Fields fields, bool isList)
    {
        if (isList)
        {
            return fields.Words("default")?.Select(w => w.Text).ToList();
        }

        return fields.Text("default") is { } text ? [text] : null;
    }

    private static void Check(ParameterDefinition parameter, Fields fields)
    {
        if (parameter.ValueType == ParameterType.Enum && parameter.Choices is null or [])
        {
            fields.Fail("enum", "must list at least one value");
        }

        if (parameter.Choices is not null && parameter.ValueType is not (ParameterType.Enum or ParameterType.String))
        {
            fields.Fail("enum", "goes with type enum or string");
        }

        if (parameter.In == ParameterPlace.Path && (parameter.IsList || !parameter.Required))
        {
            fields.Fail("in", "what is in the path is always there, and never a list");
        }

        if (parameter.Min > parameter.Max)
        {
            fields.Fail("min", "must not be larger than max");
        }

        var isNumber = parameter.Type is ParameterType.Integer or ParameterType.Number;
        if (!isNumber && !parameter.IsList && (parameter.Min ?? parameter.Max) is not null)
        {
            fields.Fail(parameter.Min is null ? "max" : "min", "goes with numbers and lists: texts have max_length");
        }

        if (parameter.Pattern is not null && parameter.ValueType is not (ParameterType.String or ParameterType.K8sName))
        {
            fields.Fail("pattern", "goes with texts");
        }
    }

    private static (Regex? Pattern, string? Text) Pattern(Fields fields)
    {
        if (fields.Text("pattern", most: 1000) is not { } text)
        {
            return (null, null);
        }

        try
        {
            // By itself first, so that it cannot end the group that holds it to the whole text. Linear in time.
            _ = new Regex(text, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
            return (new Regex($@"\A(?:{text})\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant), text);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            fields.Fail(
                "pattern",
                "is not a regular expression that can be used here (no look-around, no back references)"
            );
            return (null, null);
        }
    }
}
