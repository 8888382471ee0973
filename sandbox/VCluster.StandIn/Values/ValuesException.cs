namespace VCluster.StandIn.Values;

/// <summary>Values that the CLI refuses; the message is what it says.</summary>
internal sealed class ValuesException(string message) : Exception(message);
