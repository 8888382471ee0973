using System.Net;
using System.Net.Sockets;
using System.Text;

namespace VClusterManager.Bench.Measuring;

/// <summary>
/// Many who read a stream of events. The story: each has a socket and reads for ever; of every change it
/// counts the first event that comes after the change was begun, and the last reader ends the wait.
/// </summary>
internal sealed class EventReaders : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Socket[] _sockets;
    private readonly long[] _arrivals;
    private readonly Task[] _reading;
    private TaskCompletionSource _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _missing;

    private readonly byte[] _mark;

    private EventReaders(Socket[] sockets, string mark)
    {
        _sockets = sockets;
        _mark = Encoding.UTF8.GetBytes(mark);
        _arrivals = new long[sockets.Length];
        _reading = new Task[sockets.Length];
    }

    /// <summary>Connects them all, and waits until each has got the head of the answer.</summary>
    /// <param name="mark">By which an event is known.</param>
    public static async Task<EventReaders> ConnectAsync(
        int port,
        string path,
        string? key,
        int count,
        string mark = "event: cluster"
    )
    {
        var readers = new EventReaders(new Socket[count], mark);
        var request =
            $"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{(key is null ? "" : $"X-API-Key: {key}\r\n")}\r\n";
        for (var i = 0; i < count; i++)
        {
            var socket = readers._sockets[i] = new Socket(
                AddressFamily.InterNetwork,
                SocketType.Stream,
                ProtocolType.Tcp
            );
            await socket.ConnectAsync(IPAddress.Loopback, port);
            await socket.SendAsync(Encoding.ASCII.GetBytes(request));
            var head = new byte[4096];
            var length = await socket.ReceiveAsync(head);
            if (!Encoding.ASCII.GetString(head, 0, length).StartsWith("HTTP/1.1 200", StringComparison.Ordinal))
            {
                throw new BenchException($"{path} was answered with {Encoding.ASCII.GetString(head, 0, length)}");
            }

            readers._reading[i] = readers.ReadAsync(i);
        }

        return readers;
    }

    /// <summary>Makes a change; milliseconds from then to the arrival of its event, for each of the readers.</summary>
    public async Task<IReadOnlyList<double>> TimeAsync(Func<Task> change)
    {
        Array.Clear(_arrivals);
        _all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _missing, _sockets.Length);
        var started = Clock.Time.GetTimestamp();
        await change();
        await _all.Task.WaitAsync(Patience, Clock.Time);
        return [.. _arrivals.Select(at => Clock.Time.GetElapsedTime(started, at).TotalMilliseconds)];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var socket in _sockets)
        {
            socket.Dispose();
        }

        await Task.WhenAll(_reading);
    }

    private async Task ReadAsync(int reader)
    {
        var buffer = new byte[4096];
        try
        {
            while (await _sockets[reader].ReceiveAsync(buffer) is > 0 and var length)
            {
                // An event is far smaller than a packet, and comes in one piece.
                if (buffer.AsSpan(0, length).IndexOf(_mark) >= 0 && _arrivals[reader] == 0)
                {
                    _arrivals[reader] = Clock.Time.GetTimestamp();
                    if (Interlocked.Decrement(ref _missing) == 0)
                    {
                        _all.TrySetResult();
                    }
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The measuring is over.
        }
    }
}
