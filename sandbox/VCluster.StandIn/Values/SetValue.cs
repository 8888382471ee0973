using System.Globalization;
using System.Text.Json.Nodes;

namespace VCluster.StandIn.Values;

/// <summary>
/// Helm's <c>--set</c>: <c>a.b=1,c={x,y},d[0].e=z</c>. Whole numbers, true, false and null are what they look like, all
/// else is text; a backslash takes the meaning from the next character.
/// </summary>
internal static class SetValue
{
    /// <exception cref="ValuesException">The expression cannot be read.</exception>
    public static void Apply(JsonObject values, string expression)
    {
        foreach (var assignment in Split(expression, ','))
        {
            var at = IndexOf(assignment, '=', 0);
            if (at < 0)
            {
                throw new ValuesException($"failed parsing --set data: key \"{assignment}\" has no value");
            }

            Put(values, [.. Split(assignment[..at], '.')], assignment[(at + 1)..]);
        }
    }

    private static void Put(JsonObject values, string[] path, string text)
    {
        var node = values;
        for (var i = 0; i < path.Length; i++)
        {
            var (key, index) = KeyAndIndex(path[i]);
            var last = i == path.Length - 1;
            if (index is { } position)
            {
                node = PutInList(node, key, position, last ? () => Value(text) : null);
            }
            else if (last)
            {
                node[key] = Value(text);
            }
            else
            {
                if (node[key] is not JsonObject)
                {
                    node[key] = new JsonObject();
                }

                node = node[key]!.AsObject();
            }
        }
    }

    /// <summary>Sets an item of a list, or goes into it when there is nothing to set yet.</summary>
    private static JsonObject PutInList(JsonObject node, string key, int position, Func<JsonNode?>? value)
    {
        if (node[key] is not JsonArray list)
        {
            node[key] = list = [];
        }

        while (list.Count <= position)
        {
            list.Add(null);
        }

        if (value is not null)
        {
            list[position] = value();
            return node;
        }

        if (list[position] is not JsonObject)
        {
            list[position] = new JsonObject();
        }

        return list[position]!.AsObject();
    }

    private static (string Key, int? Index) KeyAndIndex(string text) =>
        text.EndsWith(']')
        && text.IndexOf('[', StringComparison.Ordinal) is > 0 and var open
        && int.TryParse(text[(open + 1)..^1], CultureInfo.InvariantCulture, out var index)
            ? (Plain(text[..open]), index)
            : (Plain(text), null);

    private static JsonNode? Value(string text)
    {
        if (text.StartsWith('{') && text.EndsWith('}'))
        {
            return new JsonArray([.. text.Length == 2 ? [] : Split(text[1..^1], ',').Select(Value)]);
        }

        return text switch
        {
            "true" => true,
            "false" => false,
            "null" => null,
            "0" => 0L,
            _ when text.Length > 0
                    && text[0] != '0'
                    && long.TryParse(text, CultureInfo.InvariantCulture, out var number) => number,
            _ => Plain(text),
        };
    }

    /// <summary>Parts between separators that are neither escaped nor within braces.</summary>
    private static IEnumerable<string> Split(string text, char separator)
    {
        var from = 0;
        while (IndexOf(text, separator, from) is >= 0 and var at)
        {
            yield return text[from..at];
            from = at + 1;
        }

        yield return text[from..];
    }

    private static int IndexOf(string text, char wanted, int from)
    {
        var depth = 0;
        for (var i = from; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '\\':
                    i++;
                    break;
                case '{':
                    depth++;
                    break;
                case '}':
                    depth--;
                    break;
                case var c when c == wanted && depth <= 0:
                    return i;
            }
        }

        return -1;
    }

    private static string Plain(string text)
    {
        var plain = new System.Text.StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            plain.Append(text[i] == '\\' && i + 1 < text.Length ? text[++i] : text[i]);
        }

        return plain.ToString();
    }
}
