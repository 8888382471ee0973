using System.Globalization;
using System.Text.RegularExpressions;

namespace VClusterManager.Server.Tests.Observability;

/// <summary>One sample of the text that Prometheus reads.</summary>
internal sealed record Sample(string Name, IReadOnlyDictionary<string, string> Labels, double Value)
{
    public bool Has(string label, string value) => Labels.GetValueOrDefault(label) == value;
}

/// <summary>An answer of <c>/metrics</c>, taken apart.</summary>
internal sealed partial class Exposition
{
    private static readonly string[] Parts = ["_bucket", "_sum", "_count"];

    private Exposition(IReadOnlyDictionary<string, string> types, IReadOnlyList<Sample> samples) =>
        (Types, Samples) = (types, samples);

    /// <summary>Of each metric, what it is: <c>counter</c>, <c>gauge</c>, <c>histogram</c>.</summary>
    public IReadOnlyDictionary<string, string> Types { get; }

    public IReadOnlyList<Sample> Samples { get; }

    public static Exposition Parse(string text)
    {
        Dictionary<string, string> types = [];
        List<Sample> samples = [];
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
            {
                var words = line.Split(' ');
                types.Add(words[2], words[3]);
            }
            else if (!line.StartsWith('#'))
            {
                samples.Add(ParseSample(line));
            }
        }

        return new Exposition(types, samples);
    }

    /// <summary>The metric that a series is part of: that of <c>x_bucket</c> is <c>x</c> where <c>x</c> is a histogram.</summary>
    public string MetricOf(string series) =>
        Array.Find(Parts, part => series.EndsWith(part, StringComparison.Ordinal)) is { } part
        && Types.GetValueOrDefault(series[..^part.Length]) == "histogram"
            ? series[..^part.Length]
            : series;

    public IEnumerable<Sample> Of(string series) => Samples.Where(sample => sample.Name == series);

    /// <summary>All series of that name and with those labels together; 0 where there are none.</summary>
    public double Sum(string series, params (string Label, string Value)[] labels) =>
        Of(series)
            .Where(sample => Array.TrueForAll(labels, label => sample.Has(label.Label, label.Value)))
            .Sum(sample => sample.Value);

    private static Sample ParseSample(string line)
    {
        var match = Line().Match(line);
        return match.Success
            ? new Sample(
                match.Groups["name"].Value,
                LabelPair()
                    .Matches(match.Groups["labels"].Value)
                    .ToDictionary(pair => pair.Groups["label"].Value, pair => pair.Groups["value"].Value),
                double.Parse(match.Groups["value"].Value, CultureInfo.InvariantCulture)
            )
            : throw new FormatException($"This is no sample: {line}");
    }

    [GeneratedRegex(
        @"^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\{(?<labels>.*)\})? (?<value>[-+0-9.eE]+|[-+]?Inf|NaN)( \d+)?$",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Line();

    [GeneratedRegex(
        """(?<label>[a-zA-Z_][a-zA-Z0-9_]*)="(?<value>([^"\\]|\\.)*)"(,|$)""",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex LabelPair();
}
