using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace VClusterManager.Sandbox.Listening;

/// <summary>
/// A loopback port that belongs to one cluster for as long as the cluster lives. While it is open its connections go
/// to the web server; while it is closed it stays bound, so that no other program can take it, and the system refuses
/// connections to it.
/// </summary>
internal sealed class ClusterPort : IDisposable
{
    private static readonly TimeSpan AfterError = TimeSpan.FromMilliseconds(20);

    private readonly ChannelWriter<Socket> _accepted;
    private readonly ConcurrentDictionary<Socket, byte> _connections = [];
    private readonly Lock _lock = new();
    private Socket _socket;
    private bool _disposed;

    /// <param name="port">0 for a free one.</param>
    public ClusterPort(int port, ChannelWriter<Socket> accepted)
    {
        _accepted = accepted;
        _socket = Bind(port);
        Number = ((IPEndPoint)_socket.LocalEndPoint!).Port;
    }

    public int Number { get; }

    public bool IsOpen { get; private set; }

    public void Open()
    {
        lock (_lock)
        {
            if (IsOpen || _disposed)
            {
                return;
            }

            IsOpen = true;
            _socket.Listen(512);
            _ = AcceptAsync(_socket);
        }
    }

    /// <summary>Refuses new connections and cuts those that are there.</summary>
    public void Close()
    {
        lock (_lock)
        {
            if (!IsOpen)
            {
                return;
            }

            IsOpen = false;
            _socket.Dispose();
            CutConnections();
            if (!_disposed)
            {
                _socket = Bind(Number);
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            IsOpen = false;
            _socket.Dispose();
            CutConnections();
        }
    }

    private static Socket Bind(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task AcceptAsync(Socket listener)
    {
        while (true)
        {
            Socket connection;
            try
            {
                connection = await listener.AcceptAsync();
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                if (exception is ObjectDisposedException || !IsOpen || !ReferenceEquals(listener, _socket))
                {
                    return;
                }

                // A connection that was gone before it was taken, or no handle left for it: later ones may fare better.
                await Task.Delay(AfterError, TimeProvider.System);
                continue;
            }

            connection.NoDelay = true;
            ForgetDeadConnections();
            if (!TryKeep(listener, connection) || !_accepted.TryWrite(connection))
            {
                connection.Dispose();
            }
        }
    }

    /// <summary>Among those that are cut; not when the port was closed since it came.</summary>
    private bool TryKeep(Socket listener, Socket connection)
    {
        lock (_lock)
        {
            return IsOpen && ReferenceEquals(listener, _socket) && _connections.TryAdd(connection, 0);
        }
    }

    private void ForgetDeadConnections()
    {
        foreach (var connection in _connections.Keys)
        {
            if (connection.SafeHandle.IsClosed)
            {
                _connections.TryRemove(connection, out _);
            }
        }
    }

    private void CutConnections()
    {
        foreach (var connection in _connections.Keys)
        {
            _connections.TryRemove(connection, out _);
            connection.Dispose();
        }
    }
}
