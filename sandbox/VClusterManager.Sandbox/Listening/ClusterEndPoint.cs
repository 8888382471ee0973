using System.Net;

namespace VClusterManager.Sandbox.Listening;

/// <summary>The one "address" that the web server is bound to; behind it stand the ports of all clusters.</summary>
internal sealed class ClusterEndPoint : EndPoint
{
    public override string ToString() => "clusters";
}
