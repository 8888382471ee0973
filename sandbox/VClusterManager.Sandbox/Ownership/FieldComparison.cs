using System.Text.Json.Nodes;

namespace VClusterManager.Sandbox.Ownership;

/// <summary>
/// What a change did, field by field. "Not there" and "there but null" differ, as they do in the server's own types:
/// a list that was null is modified when it gets items, not added.
/// </summary>
internal sealed class FieldComparison
{
    public FieldTree Added { get; } = new();

    public FieldTree Modified { get; } = new();

    public FieldTree Removed { get; } = new();

    public static FieldComparison Of(JsonObject before, JsonObject after, FieldLayout layout)
    {
        var comparison = new FieldComparison();
        CompareMembers(before, after, layout, comparison.Root());
        return comparison;
    }

    private Places Root() => new(Added, Modified, Removed);

    private static void Compare(Side before, Side after, FieldLayout layout, Places places)
    {
        if (CompareParts(before, after, layout, places))
        {
            return;
        }

        if (!before.Present)
        {
            places.Added.Insert();
        }
        else if (!after.Present)
        {
            places.Removed.Insert();
        }
    }

    /// <summary>True when the value was treated as one, so that nothing more is to be said of it.</summary>
    private static bool CompareParts(Side before, Side after, FieldLayout layout, Places places)
    {
        var byMembers =
            layout.Form == FieldForm.Members
            || (layout.Form == FieldForm.Untyped && (before.Value ?? after.Value) is JsonObject);
        var byItems = layout.Form is FieldForm.KeyedItems or FieldForm.PlainItems;
        if (!(byMembers || byItems) || (IsNothing(before.Value) && IsNothing(after.Value)))
        {
            CompareWhole(before, after, places);
            return true;
        }

        if (byMembers)
        {
            CompareMembers(before.Value as JsonObject ?? [], after.Value as JsonObject ?? [], layout, places);
        }
        else
        {
            CompareItems(before.Value as JsonArray ?? [], after.Value as JsonArray ?? [], layout, places);
        }

        return false;
    }

    private static void CompareMembers(JsonObject before, JsonObject after, FieldLayout layout, Places places)
    {
        foreach (var name in before.Select(member => member.Key).Union(after.Select(member => member.Key)).ToList())
        {
            Compare(Side.Of(before, name), Side.Of(after, name), layout.Member(name), places.At($"f:{name}"));
        }
    }

    private static void CompareItems(JsonArray before, JsonArray after, FieldLayout layout, Places places)
    {
        var old = Index(before, layout);
        var fresh = Index(after, layout);
        foreach (var element in old.Keys.Union(fresh.Keys))
        {
            Compare(Side.Of(old, element), Side.Of(fresh, element), layout.Item(), places.At(element));
        }
    }

    private static Dictionary<string, JsonNode?> Index(JsonArray items, FieldLayout layout)
    {
        var index = new Dictionary<string, JsonNode?>(StringComparer.Ordinal);
        foreach (var item in items)
        {
            if (layout.ElementOf(item) is { } element)
            {
                index[element] = item;
            }
        }

        return index;
    }

    private static void CompareWhole(Side before, Side after, Places places)
    {
        if (!before.Present)
        {
            places.Added.Insert();
        }
        else if (!after.Present)
        {
            places.Removed.Insert();
        }
        else if (!JsonNode.DeepEquals(before.Value, after.Value))
        {
            places.Modified.Insert();
        }
    }

    private static bool IsNothing(JsonNode? value) =>
        value is null or JsonObject { Count: 0 } or JsonArray { Count: 0 };

    /// <summary>The value on one side of the change.</summary>
    private readonly record struct Side(bool Present, JsonNode? Value)
    {
        public static Side Of(JsonObject parent, string name) =>
            new(parent.TryGetPropertyValue(name, out var value), value);

        public static Side Of(Dictionary<string, JsonNode?> items, string element) =>
            new(items.TryGetValue(element, out var value), value);
    }

    /// <summary>The same place in the three sets.</summary>
    private readonly record struct Places(FieldTree Added, FieldTree Modified, FieldTree Removed)
    {
        public Places At(string element) => new(Added.At(element), Modified.At(element), Removed.At(element));
    }
}
