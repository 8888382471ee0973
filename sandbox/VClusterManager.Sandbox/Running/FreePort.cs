using System.Net;
using System.Net.Sockets;

namespace VClusterManager.Sandbox.Running;

/// <summary>Finds a port for a program that has to be told one.</summary>
/// <remarks>
/// Below those that the kernel gives to connections (RFC 6335: from 49152 on, with Linux from 32768): between the look and
/// the program's start one of them would be taken now and then.
/// </remarks>
internal static class FreePort
{
    private const int First = 15_000;
    private const int BehindLast = 32_768;
    private const int Tries = 100;

    public static int Find()
    {
        for (var tries = 0; tries < Tries; tries++)
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            var port = Random.Shared.Next(First, BehindLast);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // Another one, then.
            }
        }

        throw new InvalidOperationException($"No port between {First} and {BehindLast} is free.");
    }
}
