namespace VClusterManager.Server.Observability;

/// <summary>
/// What a room tells of how things stand. It registers its instruments when it is made, which is when somebody looks at the
/// metrics for the first time.
/// </summary>
internal interface IGauges
{
    /// <summary>The part that has to be asked for; <see langword="null"/>: all of it is in memory.</summary>
    SampledFigures? Sampled => null;
}
