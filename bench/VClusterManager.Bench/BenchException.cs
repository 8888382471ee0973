namespace VClusterManager.Bench;

/// <summary>Why nothing can be measured, in words for the person who started it.</summary>
internal sealed class BenchException(string message) : Exception(message);
