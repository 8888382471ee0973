using System.Globalization;
using VClusterManager.Bench.Figures;
using VClusterManager.Bench.Measuring;

namespace VClusterManager.Bench.Results;

/// <summary>How measurements are told. Pure.</summary>
internal static class ResultsTable
{
    public static string Of(IFigure figure, IEnumerable<Measurement> measured, string facts) =>
        $"""
            {figure.Question}

            {figure.Method}

            | what | manager | beside it | ratio | spread of the ratio | promised | |
            |---|---:|---:|---:|---:|---|---|
            {string.Join('\n', measured.Select(Row))}

            {facts}
            """;

    public static string Words(Measurement m) =>
        Text($"{Value(m.ManagerValue, m.Unit)} against {Value(m.BesideValue, m.Unit)}, ratio {m.Ratio:0.00}")
        + (m.Bound is { } bound ? $" ({bound.Words}: {Verdict(m)})" : "");

    private static string Row(Measurement m) =>
        Text(
            $"| {m.What} | {Value(m.ManagerValue, m.Unit)} | {Value(m.BesideValue, m.Unit)} | {m.Ratio:0.00} | {m.Spread.Lowest:0.00} to {m.Spread.Highest:0.00} | {m.Bound?.Words ?? ""} | {Verdict(m)} |"
        );

    private static string Verdict(Measurement m) =>
        m.Bound is not { } bound ? ""
        : bound.Holds(m) ? "holds"
        : "falls short";

    private static string Value(double value, Unit unit) =>
        unit switch
        {
            Unit.RequestsPerSecond => Text($"{value:n0}/s"),
            Unit.Microseconds => Text($"{value:0.00} µs"),
            Unit.Milliseconds when value < 1 => Text($"{value:0.000} ms"),
            Unit.Milliseconds => Text($"{value:0.0} ms"),
            _ => Text($"{value:0} MiB"),
        };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
