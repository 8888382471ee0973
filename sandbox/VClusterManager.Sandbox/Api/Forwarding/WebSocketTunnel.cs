using System.Net.WebSockets;

namespace VClusterManager.Sandbox.Api.Forwarding;

/// <summary>A byte stream in the binary messages of a WebSocket, whose borders mean nothing.</summary>
internal sealed class WebSocketTunnel(WebSocket socket) : IAsyncDisposable
{
    private readonly SemaphoreSlim _sending = new(1);

    /// <summary>Fills the buffer; false at the end of the stream.</summary>
    public async Task<bool> FillAsync(Memory<byte> buffer, CancellationToken cancel)
    {
        while (buffer.Length > 0)
        {
            var received = await socket.ReceiveAsync(buffer, cancel);
            if (received.MessageType == WebSocketMessageType.Close)
            {
                return false;
            }

            buffer = buffer[received.Count..];
        }

        return true;
    }

    public async Task SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        await _sending.WaitAsync(cancel);
        try
        {
            await socket.SendAsync(bytes, WebSocketMessageType.Binary, endOfMessage: true, cancel);
        }
        finally
        {
            _sending.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1), TimeProvider.System);
            try
            {
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, patience.Token);
            }
            catch (Exception exception) when (exception is WebSocketException or OperationCanceledException)
            {
                // It was gone already.
            }
        }

        _sending.Dispose();
    }
}
