using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;

namespace VClusterManager.Server.Kubernetes.Watching;

/// <summary>Reads the lines of a watch and ends one that has fallen silent.</summary>
internal sealed class WatchStream(TimeProvider time)
{
    // No object on the host is larger than etcd's bound of 1.5 MiB; metadata of a proxy may surround it.
    private const int LongestLine = 8 * 1024 * 1024;

    /// <summary>
    /// The longest that a watch may be without a byte. The API server sends a bookmark each minute; a connection that is
    /// dead without having been closed shows in nothing else.
    /// </summary>
    internal TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>Gives each whole line to <paramref name="onLine"/> until the other side ends the stream; a line that is cut off is left out.</summary>
    /// <exception cref="HostException">Silence, or a broken connection.</exception>
    /// <exception cref="JsonException">A line is not JSON.</exception>
    public async Task ReadAsync(Stream body, Action<JsonElement> onLine, CancellationToken cancellation)
    {
        using var watchdog = new CancellationTokenSource(Silence, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(watchdog.Token, cancellation);
        var reader = PipeReader.Create(body);
        try
        {
            while (true)
            {
                var result = await reader.ReadAsync(either.Token);
                watchdog.CancelAfter(Silence);
                var rest = result.Buffer;
                while (rest.PositionOf((byte)'\n') is { } end)
                {
                    Tell(rest.Slice(0, end), onLine);
                    rest = rest.Slice(rest.GetPosition(1, end));
                }

                if (rest.Length > LongestLine)
                    throw new JsonException("it has no end");
                reader.AdvanceTo(rest.Start, rest.End);
                if (result.IsCompleted)
                    return;
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new HostException($"the watch has been silent for {Silence.TotalSeconds:0} s");
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw HostException.From(e);
        }
        finally
        {
            await reader.CompleteAsync();
        }
    }

    private static void Tell(ReadOnlySequence<byte> line, Action<JsonElement> onLine)
    {
        if (line.IsEmpty)
            return;
        using var document = JsonDocument.Parse(line);
        onLine(document.RootElement);
    }
}
