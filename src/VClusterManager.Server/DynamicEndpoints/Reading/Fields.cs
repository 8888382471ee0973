using System.Globalization;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Configuration.Raw;

namespace VClusterManager.Server.DynamicEndpoints.Reading;

/// <summary>Takes down what is wrong, with line and key.</summary>
internal sealed class ErrorList
{
    private readonly List<EndpointError> _errors = [];

    public bool Any => _errors.Count > 0;

    public int Count => _errors.Count;

    public IReadOnlyList<EndpointError> Sorted => [.. _errors.Distinct().OrderBy(e => e.Line ?? 0)];

    public void Add(Origin at, string key, string message) => _errors.Add(new EndpointError(at.Line, key, message));
}

/// <summary>Reads a map of the file field by field. What is wrong is reported, and the reading goes on.</summary>
internal sealed class Fields(RawMap map, string path, ErrorList errors)
{
    private readonly List<string> _known = [];

    public string Path { get; } = path;

    public ErrorList Errors { get; } = errors;

    public Origin Origin => map.Origin;

    public string KeyOf(string name) => Path.Length == 0 ? name : $"{Path}.{name}";

    /// <summary><see langword="null"/>: it is not there, or is null.</summary>
    public RawNode? Node(string name)
    {
        _known.Add(name);
        return map.Entries.TryGetValue(name, out var node) && !node.IsNull ? node : null;
    }

    public void Fail(string name, string message) =>
        Errors.Add(map.Entries.TryGetValue(name, out var node) ? node.Origin : map.Origin, KeyOf(name), message);

    /// <summary>Text, or whatever else is one word, as it was written.</summary>
    public string? Text(string name, bool required = false, int most = 4096)
    {
        switch (Node(name))
        {
            case RawScalar scalar when scalar.Text.Length <= most:
                return scalar.Text;
            case RawScalar:
                Fail(name, $"must be at most {most} characters long");
                return null;
            case null:
                if (required)
                {
                    Fail(name, "is missing");
                }

                return null;
            default:
                Fail(name, "must be text");
                return null;
        }
    }

    /// <summary>One of a few words.</summary>
    public T Choice<T>(string name, T otherwise, IReadOnlyDictionary<string, T> words)
    {
        if (Text(name) is not { } text)
        {
            return otherwise;
        }

        if (words.TryGetValue(text, out var value))
        {
            return value;
        }

        Fail(name, $"must be one of {string.Join(", ", words.Keys)}, not \"{text}\"");
        return otherwise;
    }

    public bool? Boolean(string name)
    {
        switch (Node(name))
        {
            case RawScalar { Kind: ScalarKinds.Boolean } scalar:
                return scalar.IsTrue;
            case null:
                return null;
            default:
                Fail(name, "must be true or false");
                return null;
        }
    }

    public decimal? Number(string name, decimal least, decimal most, bool whole = true)
    {
        if (Node(name) is not { } node)
        {
            return null;
        }

        if (
            node is RawScalar { Kind: ScalarKinds.Number } scalar
            && decimal.TryParse(scalar.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && number >= least
            && number <= most
            && (!whole || decimal.Truncate(number) == number)
        )
        {
            return number;
        }

        Fail(name, $"must be a {(whole ? "whole " : "")}number from {least} to {most}");
        return null;
    }

    public TimeSpan? Duration(string name, TimeSpan least, TimeSpan most)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        if (DurationText.TryParse(text, out var duration) && duration >= least && duration <= most)
        {
            return duration;
        }

        Fail(
            name,
            $"must be a duration such as 90s or 3m, from {DurationText.Format(least)} to {DurationText.Format(most)}"
        );
        return null;
    }

    /// <summary>A list of words, each as it was written; <see langword="null"/>: it is not there.</summary>
    public IReadOnlyList<(string Text, string Key, Origin At)>? Words(string name)
    {
        switch (Node(name))
        {
            case null:
                return null;
            case RawList list:
                List<(string, string, Origin)> words = [];
                foreach (var (index, item) in list.Items.Index())
                {
                    var key = $"{KeyOf(name)}[{index}]";
                    if (item is RawScalar { IsNull: false } scalar)
                    {
                        words.Add((scalar.Text, key, scalar.Origin));
                    }
                    else
                    {
                        Errors.Add(item.Origin, key, $"must be text, not {item.Words}");
                    }
                }

                return words;
            default:
                Fail(name, "must be a list");
                return null;
        }
    }

    /// <summary>Refuses what nobody asked for. The last thing to be called.</summary>
    public void End()
    {
        foreach (var (name, node) in map.Entries.Where(e => !_known.Contains(e.Key)))
        {
            Errors.Add(node.Origin, KeyOf(name), $"is not known here: there are {string.Join(", ", _known)}");
        }
    }
}
