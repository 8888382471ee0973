using VClusterManager.Bench.Measuring;
using VClusterManager.Bench.World;

namespace VClusterManager.Bench.Figures;

/// <summary>Something that is promised, and how it is measured.</summary>
internal interface IFigure
{
    /// <summary>As it is called on the command line, and the head of its section in the results.</summary>
    string Name { get; }

    /// <summary>What it tells, in one line.</summary>
    string Question { get; }

    /// <summary>How it is measured, and what stands beside the manager: for who reads the results.</summary>
    string Method { get; }

    Task<IReadOnlyList<Measurement>> MeasureAsync(Workshop workshop);
}
