namespace VClusterManager.Bench.Measuring;

/// <summary>
/// One line of a figure: the manager and what stands beside it, measured in turns on the same machine in the same
/// minutes. What is told of either side is a percentile over all samples; how far the ratio can be trusted is told by
/// its spread over the parts of the run.
/// </summary>
internal sealed record Measurement
{
    public required string What { get; init; }

    public required Unit Unit { get; init; }

    /// <summary>Which value of the sorted samples counts: 0.5 is the median.</summary>
    public double Percentile { get; init; } = 0.5;

    /// <summary>In the order in which they were taken.</summary>
    public required IReadOnlyList<double> Manager { get; init; }

    /// <summary>In the same order.</summary>
    public required IReadOnlyList<double> Beside { get; init; }

    /// <summary>Into how many parts the run is divided for the spread.</summary>
    public int Parts { get; init; } = 5;

    public Bound? Bound { get; init; }

    public double ManagerValue => Samples.Percentile(Manager, Percentile);

    public double BesideValue => Samples.Percentile(Beside, Percentile);

    public double Ratio => ManagerValue / BesideValue;

    /// <summary>The lowest and the highest ratio of any part of the run.</summary>
    public (double Lowest, double Highest) Spread
    {
        get
        {
            var parts = Math.Min(Parts, Math.Min(Manager.Count, Beside.Count));
            var ratios = Samples
                .Split(Manager, parts)
                .Zip(
                    Samples.Split(Beside, parts),
                    (ours, theirs) => Samples.Percentile(ours, Percentile) / Samples.Percentile(theirs, Percentile)
                )
                .ToList();
            return (ratios.Min(), ratios.Max());
        }
    }
}

internal enum Unit
{
    RequestsPerSecond,
    Milliseconds,
    Microseconds,
    Mebibytes,
}

/// <summary>What is promised.</summary>
internal sealed record Bound(string Words, Func<Measurement, bool> Holds)
{
    public static Bound RatioAtLeast(double ratio) => new($"ratio at least {ratio}", m => m.Ratio >= ratio);

    public static Bound RatioAtMost(double ratio) => new($"ratio at most {ratio}", m => m.Ratio <= ratio);

    public static Bound AtMost(double value, string unit) =>
        new($"at most {value} {unit}", m => m.ManagerValue <= value);
}
