namespace VClusterManager.Server.Http;

/// <summary>Methods that change nothing (RFC 9110). Pure.</summary>
internal static class SafeMethods
{
    public static bool Contains(string method) => method is "GET" or "HEAD" or "OPTIONS" or "TRACE";
}
