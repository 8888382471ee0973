using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace VClusterManager.Sandbox.Listening;

/// <summary>
/// Feeds one web server from the ports of any number of clusters. A cluster costs a socket, not a web server:
/// the request's local port says whose it is.
/// </summary>
internal sealed class ClusterListener(ILoggerFactory loggers)
    : IConnectionListenerFactory,
        IConnectionListenerFactorySelector,
        IConnectionListener
{
    private readonly Channel<Socket> _accepted = Channel.CreateUnbounded<Socket>();
    private readonly SocketConnectionContextFactory _contexts = new(
        new SocketConnectionFactoryOptions(),
        loggers.CreateLogger<SocketConnectionContextFactory>()
    );

    public EndPoint EndPoint { get; } = new ClusterEndPoint();

    /// <summary>Takes a port, closed at first. 0 takes a free one.</summary>
    public ClusterPort TakePort(int number) => new(number, _accepted.Writer);

    public bool CanBind(EndPoint endpoint) => endpoint is ClusterEndPoint;

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult<IConnectionListener>(this);

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (await _accepted.Reader.WaitToReadAsync(cancellationToken))
        {
            if (_accepted.Reader.TryRead(out var socket))
            {
                try
                {
                    return _contexts.Create(socket);
                }
                catch (ObjectDisposedException)
                {
                    // The port was closed between accept and here.
                }
            }
        }

        return null;
    }

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _accepted.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        _accepted.Writer.TryComplete();
        _contexts.Dispose();
        return ValueTask.CompletedTask;
    }
}
