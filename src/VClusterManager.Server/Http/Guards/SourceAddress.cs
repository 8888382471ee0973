using System.Net;
using System.Net.Sockets;

namespace VClusterManager.Server.Http.Guards;

/// <summary>Where a request comes from. Pure.</summary>
internal static class SourceAddress
{
    private const int NetworkBytes = 8;

    /// <summary>The address itself, an IPv4 one always in its own form; <see langword="null"/>: there is none.</summary>
    public static string? Of(IPAddress? address) => Plain(address)?.ToString();

    /// <summary>
    /// What counts as one source: of IPv6 the first 64 bits, since whoever has one address has all of those. Empty where
    /// there is no address.
    /// </summary>
    public static string NetworkOf(IPAddress? address)
    {
        if (Plain(address) is not { } plain)
        {
            return "";
        }
        if (plain.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return plain.ToString();
        }
        var bytes = plain.GetAddressBytes();
        bytes.AsSpan(NetworkBytes).Clear();
        return $"{new IPAddress(bytes)}/{NetworkBytes * 8}";
    }

    private static IPAddress? Plain(IPAddress? address) =>
        address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;
}
