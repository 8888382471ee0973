using System.Text.Json.Nodes;
using VClusterManager.Server.Configuration.Raw;

namespace VClusterManager.Server.Configuration.Keys;

/// <summary>One piece of text that stands for a <typeparamref name="T"/>.</summary>
/// <param name="accepts">What it may be in YAML: text that looks like a number must be quoted, and the other way round.</param>
/// <param name="schema">What JSON Schema can say about it, besides its type.</param>
internal sealed class ScalarType<T>(
    string words,
    ScalarKinds accepts,
    JsonObject schema,
    Func<ScalarText, Parsed<T>> parse
) : KeyType<T>
{
    public override string Words => words;

    public override JsonObject Schema()
    {
        JsonObject copy = new() { ["type"] = SchemaType() };
        foreach (var (name, value) in schema)
        {
            copy[name] = value?.DeepClone();
        }

        return copy;
    }

    public override bool TryRead(RawNode node, Reading at, out T value)
    {
        value = default!;
        if (node is not RawScalar scalar)
        {
            at.FailAsNot(node, words);
            return false;
        }

        var parsed = parse(new ScalarText(scalar.Text, scalar.Origin, at));
        if ((scalar.Kind & accepts) == ScalarKinds.None)
        {
            at.FailAsNot(node, words, parsed.Ok && !scalar.IsNull ? QuoteHint : "");
            return false;
        }

        if (parsed.Ok)
        {
            value = parsed.Value;
            return true;
        }

        if (parsed.Why is null)
        {
            at.FailAsNot(node, words);
        }
        else
        {
            at.Fail(node, parsed.Why);
        }

        return false;
    }

    private JsonNode SchemaType()
    {
        List<JsonNode> types = [];
        AddType(ScalarKinds.Text, "string");
        AddType(ScalarKinds.Number, "number");
        AddType(ScalarKinds.Boolean, "boolean");
        return types.Count == 1 ? types[0] : new JsonArray([.. types]);

        void AddType(ScalarKinds kind, string name)
        {
            if (accepts.HasFlag(kind))
            {
                types.Add(name);
            }
        }
    }

    private string QuoteHint => accepts == ScalarKinds.Text ? ": put it in quotes" : ": leave the quotes away";
}

/// <summary>The text of a scalar, where it was written, and the reading that it is part of.</summary>
internal readonly record struct ScalarText(string Text, Origin Origin, Reading At)
{
    /// <summary>The text as a path, made absolute.</summary>
    public string AsPath => At.ResolvePath(Text, Origin);
}

/// <param name="Why">What is wrong, when more can be said than what the type's words say.</param>
internal readonly record struct Parsed<T>(bool Ok, T Value, string? Why);

internal static class Parsed
{
    public static Parsed<T> From<T>(T value) => new(Ok: true, value, Why: null);

    public static Parsed<T> When<T>(bool ok, T value) => ok ? From(value) : Not<T>();

    public static Parsed<T> Not<T>(string? why = null) => new(Ok: false, default!, why);
}
