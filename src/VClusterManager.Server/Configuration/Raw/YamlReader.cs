using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlScalar = YamlDotNet.Core.Events.Scalar;

namespace VClusterManager.Server.Configuration.Raw;

/// <summary>
/// Reads YAML into raw nodes that know their lines. It takes the plain part of YAML that everybody knows: what else the
/// language has (anchors, tags, merge keys, several documents) is named and refused, as are keys given twice.
/// </summary>
internal sealed class YamlReader
{
    private const int MaxDepth = 50;

    private readonly Parser _parser;
    private readonly Func<int, Origin> _origin;
    private readonly Action<Origin, string> _report;

    /// <summary>Lines inside quotes and text blocks, where a tab is part of the text.</summary>
    private readonly HashSet<int> _verbatim = [];

    private YamlReader(string text, Func<int, Origin> origin, Action<Origin, string> report)
    {
        _parser = new Parser(new StringReader(text));
        _origin = origin;
        _report = report;
    }

    /// <param name="report">Told of everything that is wrong, with its place.</param>
    /// <returns>The document; <see langword="null"/> when it is empty or cannot be read.</returns>
    public static RawNode? Read(string text, Func<int, Origin> origin, Action<Origin, string> report)
    {
        text = text.TrimStart('\uFEFF');
        YamlReader reader = new(text, origin, report);
        try
        {
            var root = reader.Document();
            foreach (var line in reader.TabbedLines(text))
            {
                report(origin(line), "a tab is used to indent: YAML takes only spaces");
            }

            return root;
        }
        catch (Exception e) when (e is YamlException or ArgumentException or InvalidOperationException)
        {
            // The parser throws more than its own exceptions on some broken tags and directives, and finds fault a line or
            // two before a tab that is to blame.
            var line = (int)((e as YamlException)?.Start.Line ?? reader._parser.Current?.End.Line ?? 1);
            var tab = reader.TabbedLines(text).FirstOrDefault(l => l <= line + 2);
            report(
                origin(tab == 0 ? Math.Max(1, line) : tab),
                tab == 0 ? $"is not YAML: {e.Message.TrimEnd('.')}" : "a tab is used to indent: YAML takes only spaces"
            );
            return null;
        }
    }

    private RawNode? Document()
    {
        _parser.Consume<StreamStart>();
        if (!_parser.TryConsume<DocumentStart>(out _))
        {
            return null;
        }

        var root = Node(0);
        _parser.Consume<DocumentEnd>();
        if (_parser.Current is DocumentStart second)
        {
            Report(second, "a second document begins here: there can be only one");
        }

        return root;
    }

    private RawNode Node(int depth)
    {
        if (depth > MaxDepth)
        {
            throw new YamlException(_parser.Current!.Start, _parser.Current.End, "it is nested too deeply");
        }

        if (_parser.TryConsume<AnchorAlias>(out var alias))
        {
            Report(alias, $"*{alias.Value} is an alias: anchors and aliases are not supported, write the value out");
            return new RawScalar("", plain: true, Place(alias));
        }

        if (_parser.TryConsume<YamlScalar>(out var scalar))
        {
            CheckDecoration(scalar);
            if (scalar.Style != ScalarStyle.Plain)
            {
                _verbatim.UnionWith(
                    Enumerable.Range((int)scalar.Start.Line + 1, (int)(scalar.End.Line - scalar.Start.Line))
                );
            }

            return new RawScalar(scalar.Value, scalar.Style == ScalarStyle.Plain, Place(scalar));
        }

        return _parser.Accept<SequenceStart>(out _) ? List(depth) : Map(depth);
    }

    private RawList List(int depth)
    {
        var start = _parser.Consume<SequenceStart>();
        CheckDecoration(start);
        List<RawNode> items = [];
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(Node(depth + 1));
        }

        return new RawList(items, Place(start));
    }

    private RawMap Map(int depth)
    {
        var start = _parser.Consume<MappingStart>();
        CheckDecoration(start);
        OrderedDictionary<string, RawNode> entries = [];
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var key = _parser.Current!;
            if (Node(depth + 1) is not RawScalar name)
            {
                Report(key, "a key must be one word, not a list or a map");
                Node(depth + 1);
                continue;
            }

            var value = Node(depth + 1);
            Add(entries, name, value, key);
        }

        return new RawMap(entries, Place(start));
    }

    private void Add(OrderedDictionary<string, RawNode> entries, RawScalar name, RawNode value, ParsingEvent key)
    {
        if (name.Text == "<<")
        {
            Report(key, "merge keys (<<) are not supported, write the values out");
        }
        else if (entries.TryGetValue(name.Text, out var first))
        {
            Report(key, $"the key \"{name.Text}\" is given twice, first in line {first.Origin.Line}");
        }
        else
        {
            entries.Add(name.Text, value);
        }
    }

    private void CheckDecoration(NodeEvent node)
    {
        if (!node.Anchor.IsEmpty)
        {
            Report(node, $"&{node.Anchor.Value} is an anchor: anchors and aliases are not supported");
        }

        if (!node.Tag.IsEmpty && !node.Tag.IsNonSpecific)
        {
            Report(node, $"tags ({node.Tag.Value}) are not supported");
        }
    }

    private void Report(ParsingEvent at, string message) => _report(Place(at), message);

    private Origin Place(ParsingEvent at) => _origin((int)at.Start.Line);

    /// <summary>The parser takes some tabs in silence, and its words for the others are hard to understand.</summary>
    private IEnumerable<int> TabbedLines(string text) =>
        text.Split('\n')
            .Index()
            .Where(l => l.Item.Trim().Length > 0 && l.Item.TakeWhile(char.IsWhiteSpace).Contains('\t'))
            .Select(l => l.Index + 1)
            .Where(l => !_verbatim.Contains(l));
}
