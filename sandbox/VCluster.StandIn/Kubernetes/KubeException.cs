namespace VCluster.StandIn.Kubernetes;

/// <summary>A request that did not succeed, told in the words of Go's client: the API server's own, or the network's.</summary>
internal sealed class KubeException(string message, int? code = null, string reason = "") : Exception(message)
{
    /// <summary>The HTTP status; null when there was no answer.</summary>
    public int? Code => code;

    public bool IsNotFound => code == 404;

    public bool IsForbidden => code == 403;

    public bool IsConflict => code == 409;

    public bool AlreadyExists => code == 409 && reason == "AlreadyExists";
}
