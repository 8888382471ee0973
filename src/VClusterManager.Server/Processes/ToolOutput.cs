using System.Buffers;
using System.Text;

namespace VClusterManager.Server.Processes;

/// <summary>
/// Drains one pipe of a tool: keeps the first bytes, counts the rest, and tells of each line as it comes. Reading goes
/// on when the bound is reached, since a tool whose pipe is full stands still. Where somebody takes the bytes themselves,
/// nothing is kept, and the tool goes as fast as they are taken.
/// </summary>
internal sealed class ToolOutput(
    int maxBytes,
    Action<string>? onLine,
    Func<ReadOnlyMemory<byte>, ValueTask>? take = null
)
{
    // A line longer than this is told in pieces.
    private const int LongestLine = 16 * 1024;

    private readonly Lock _gate = new();
    private readonly ArrayBufferWriter<byte> _kept = new();
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private readonly StringBuilder _line = new();
    private readonly bool _isTaken = take is not null;
    private Func<ReadOnlyMemory<byte>, ValueTask>? _take = take;
    private long _dropped;
    private volatile bool _isTaking;

    /// <summary>Somebody is taking a piece just now: that the pipe is still open is not the tool's doing.</summary>
    public bool IsTaking => _isTaking;

    public bool Truncated
    {
        get
        {
            lock (_gate)
                return _dropped > 0;
        }
    }

    public async Task DrainAsync(Stream pipe)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(16 * 1024);
        try
        {
            int read;
            while ((read = await pipe.ReadAsync(buffer)) > 0)
            {
                if (!_isTaken)
                    Keep(buffer.AsSpan(0, read));
                else
                    await HandOutAsync(buffer.AsMemory(0, read));
                Tell(buffer.AsSpan(0, read));
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The pipe was torn down: what came until then is what there is.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        if (_line.Length > 0)
            TellLine();
    }

    /// <summary>What was kept, with a last line that says how much was cut.</summary>
    public string Text()
    {
        lock (_gate)
        {
            var text = Encoding.UTF8.GetString(WholeCharacters(_kept.WrittenSpan));
            return _dropped == 0 ? text : $"{text}\n[output cut: {_dropped} more bytes]\n";
        }
    }

    private async ValueTask HandOutAsync(ReadOnlyMemory<byte> bytes)
    {
        if (_take is not { } taker)
            return;
        _isTaking = true;
        try
        {
            await taker(bytes);
        }
        catch (Exception)
        {
            // Who took it has gone: the pipe is drained on, so that the tool does not stand still.
            _take = null;
        }
        finally
        {
            _isTaking = false;
        }
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            var kept = Math.Min(bytes.Length, maxBytes - _kept.WrittenCount);
            _kept.Write(bytes[..kept]);
            _dropped += bytes.Length - kept;
        }
    }

    // The bound may fall into the middle of a character.
    private static ReadOnlySpan<byte> WholeCharacters(ReadOnlySpan<byte> bytes)
    {
        for (var back = 1; back <= Math.Min(3, bytes.Length); back++)
        {
            var lead = bytes[^back];
            if ((lead & 0b1100_0000) == 0b1000_0000)
                continue;
            var length = lead switch
            {
                >= 0b1111_0000 => 4,
                >= 0b1110_0000 => 3,
                >= 0b1100_0000 => 2,
                _ => 1,
            };
            return length > back ? bytes[..^back] : bytes;
        }

        return bytes;
    }

    private void Tell(ReadOnlySpan<byte> bytes)
    {
        if (onLine is null)
            return;
        Span<char> characters = stackalloc char[1024];
        while (!bytes.IsEmpty)
        {
            _decoder.Convert(bytes, characters, flush: false, out var used, out var written, out _);
            bytes = bytes[used..];
            foreach (var character in characters[..written])
            {
                if (character != '\n')
                    _line.Append(character);
                if (character == '\n' || _line.Length >= LongestLine)
                    TellLine();
            }
        }
    }

    private void TellLine()
    {
        var text = ToolText.WithoutColours(_line.ToString()).TrimEnd('\r');
        _line.Clear();
        onLine?.Invoke(text);
    }
}
