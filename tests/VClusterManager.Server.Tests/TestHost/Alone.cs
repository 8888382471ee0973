using Xunit;

namespace VClusterManager.Server.Tests.TestHost;

/// <summary>Tests that look at the memory of the whole process: nothing else runs beside them.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
