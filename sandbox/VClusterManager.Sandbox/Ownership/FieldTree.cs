using System.Text.Json.Nodes;

namespace VClusterManager.Sandbox.Ownership;

/// <summary>
/// A set of fields of an object, as <c>managedFields</c> writes it: <c>f:name</c> for a field, <c>k:{...}</c> for a
/// list item by its keys, <c>v:...</c> for one by its value; <c>.</c> says that the thing itself belongs to the set,
/// not only what is below it.
/// </summary>
internal sealed class FieldTree
{
    private readonly SortedDictionary<string, FieldTree> _children = new(StringComparer.Ordinal);

    public bool IsMember { get; private set; }

    public IEnumerable<KeyValuePair<string, FieldTree>> Children => _children;

    public bool IsEmpty => !IsMember && _children.Values.All(child => child.IsEmpty);

    public static FieldTree FromJson(JsonObject? json)
    {
        var tree = new FieldTree();
        foreach (var (element, below) in json ?? [])
        {
            if (element == ".")
            {
                continue;
            }

            var child = FromJson(below as JsonObject);
            child.IsMember = below is not JsonObject { Count: > 0 } inner || inner.ContainsKey(".");
            tree._children[element] = child;
        }

        return tree;
    }

    public JsonObject ToJson()
    {
        var json = new JsonObject();
        foreach (var (element, child) in _children.Where(child => !child.Value.IsEmpty))
        {
            var below = child.ToJson();
            if (child.IsMember && below.Count > 0)
            {
                below.Insert(0, ".", new JsonObject());
            }

            json[element] = below;
        }

        return json;
    }

    public FieldTree? Find(string element) => _children.GetValueOrDefault(element);

    /// <summary>The place of an element, made when it is not there.</summary>
    public FieldTree At(string element)
    {
        if (!_children.TryGetValue(element, out var child))
        {
            _children[element] = child = new FieldTree();
        }

        return child;
    }

    public void Insert() => IsMember = true;

    public FieldTree Union(FieldTree other) => Combine(other, (mine, theirs) => mine || theirs);

    public FieldTree Intersect(FieldTree other) => Combine(other, (mine, theirs) => mine && theirs);

    public FieldTree Except(FieldTree other) => Combine(other, (mine, theirs) => mine && !theirs);

    /// <summary>Without everything at and below the paths given as chains of elements.</summary>
    public FieldTree Without(IEnumerable<string[]> paths)
    {
        var result = Union(new FieldTree());
        foreach (var path in paths)
        {
            result.Remove(path);
        }

        return result;
    }

    public bool SameAs(FieldTree other) => Except(other).IsEmpty && other.Except(this).IsEmpty;

    /// <summary>The members, each as the elements that lead to it.</summary>
    public IEnumerable<IReadOnlyList<string>> Paths()
    {
        foreach (var (element, child) in _children)
        {
            if (child.IsMember)
            {
                yield return [element];
            }

            foreach (var below in child.Paths())
            {
                yield return [element, .. below];
            }
        }
    }

    private void Remove(ReadOnlySpan<string> path)
    {
        if (path.Length == 1)
        {
            _children.Remove(path[0]);
        }
        else if (_children.TryGetValue(path[0], out var child))
        {
            child.Remove(path[1..]);
        }
    }

    private FieldTree Combine(FieldTree? other, Func<bool, bool, bool> keep)
    {
        var result = new FieldTree { IsMember = keep(IsMember, other?.IsMember ?? false) };
        foreach (var element in _children.Keys.Union(other?._children.Keys ?? Enumerable.Empty<string>()))
        {
            var mine = _children.GetValueOrDefault(element) ?? new FieldTree();
            var combined = mine.Combine(other?._children.GetValueOrDefault(element), keep);
            if (!combined.IsEmpty)
            {
                result._children[element] = combined;
            }
        }

        return result;
    }
}
