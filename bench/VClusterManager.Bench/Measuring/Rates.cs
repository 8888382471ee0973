using VClusterManager.Bench.World;

namespace VClusterManager.Bench.Measuring;

/// <summary>Requests per second of two sides, taken in turns.</summary>
internal static class Rates
{
    /// <param name="manager">Requests per second over so many seconds.</param>
    /// <param name="beside">The same of what stands beside it.</param>
    public static async Task<Measurement> AlternateAsync(
        Workshop workshop,
        string what,
        Func<int, Task<double>> manager,
        Func<int, Task<double>> beside,
        Bound? bound
    )
    {
        var (rounds, seconds) = workshop.Options.Short ? (1, 1) : (5, 3);
        List<double> ours = [];
        List<double> theirs = [];
        if (!workshop.Options.Short)
        {
            await manager(seconds);
            await beside(seconds);
        }

        for (var round = 0; round < rounds; round++)
        {
            ours.Add(await manager(seconds));
            theirs.Add(await beside(seconds));
        }

        return new Measurement
        {
            What = what,
            Unit = Unit.RequestsPerSecond,
            Manager = ours,
            Beside = theirs,
            Bound = bound,
        };
    }
}
