namespace VClusterManager.Bench.Measuring;

/// <summary>Times, or amounts, of both sides, taken in turns.</summary>
internal sealed class Pairs
{
    private readonly List<double> _manager = [];
    private readonly List<double> _beside = [];

    public void Add(double manager, double beside)
    {
        _manager.Add(manager);
        _beside.Add(beside);
    }

    public void AddRange(IEnumerable<double> manager, IEnumerable<double> beside)
    {
        _manager.AddRange(manager);
        _beside.AddRange(beside);
    }

    public Measurement Measured(string what, double percentile, Bound? bound = null, Unit unit = Unit.Milliseconds) =>
        new()
        {
            What = what,
            Unit = unit,
            Percentile = percentile,
            Manager = _manager,
            Beside = _beside,
            Bound = bound,
        };
}
