namespace VClusterManager.Bench.Measuring;

/// <summary>What samples say together. Pure.</summary>
internal static class Samples
{
    /// <summary>The value below which this part of the samples lies, between two of them where none is exactly there.</summary>
    public static double Percentile(IReadOnlyList<double> samples, double percentile)
    {
        var sorted = samples.Order().ToArray();
        var place = percentile * (sorted.Length - 1);
        var (below, above) = ((int)Math.Floor(place), (int)Math.Ceiling(place));
        return sorted[below] + ((sorted[above] - sorted[below]) * (place - below));
    }

    /// <summary>So many parts of about the same length, in order.</summary>
    public static IEnumerable<IReadOnlyList<double>> Split(IReadOnlyList<double> samples, int parts) =>
        Enumerable
            .Range(0, parts)
            .Select(part =>
                samples
                    .Take((int)((long)samples.Count * (part + 1) / parts))
                    .Skip((int)((long)samples.Count * part / parts))
                    .ToList()
            );
}
