namespace VCluster.StandIn.Helm;

/// <summary>Why a helm command ends; printed behind <c>Error: </c>.</summary>
internal sealed class HelmException(string message) : Exception(message);
