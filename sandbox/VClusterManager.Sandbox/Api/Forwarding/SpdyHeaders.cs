using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using VClusterManager.Sandbox.Containers;

namespace VClusterManager.Sandbox.Api.Forwarding;

/// <summary>
/// The header blocks of one connection: per direction one zlib stream, which the client begins with SPDY's dictionary.
/// The dictionary is given to the decompressor as a stored block ahead of the client's data, which leaves it in the
/// window where the data refers to it. Our own blocks are stored, which is zlib as well and needs none.
/// </summary>
internal sealed class SpdyHeaders : IDisposable
{
    /// <summary>Two bytes of zlib, and the checksum of the dictionary.</summary>
    private const int ZlibHead = 6;

    private const uint DictionaryChecksum = 0xe3c6a7c2;

    private static readonly byte[] Dictionary = ReadDictionary();

    private readonly Feed _feed = new();
    private DeflateStream? _inflater;
    private bool _begun;

    public Dictionary<string, string> Read(ReadOnlyMemory<byte> block)
    {
        var data = block;
        if (_inflater is null)
        {
            data = block[ZlibHead..];
            if (BinaryPrimitives.ReadUInt32BigEndian(block.Span[2..]) != DictionaryChecksum)
            {
                throw new InvalidDataException("the headers do not begin with SPDY's dictionary");
            }

            _inflater = new DeflateStream(_feed, CompressionMode.Decompress);
            _feed.Add(Stored(Dictionary));
            _feed.Add(data);
            _inflater.ReadExactly(new byte[Dictionary.Length]);
        }
        else
        {
            _feed.Add(data);
        }

        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        for (var left = ReadNumber(); left > 0; left--)
        {
            headers[ReadText()] = ReadText();
        }

        return headers;
    }

    /// <summary>A block without headers. The empty stored block at its end makes the reader take what came before.</summary>
    public byte[] WriteNone()
    {
        byte[] head = _begun ? [] : [0x78, 0x01];
        _begun = true;
        return [.. head, .. Stored(new byte[4]), .. Stored([])];
    }

    public void Dispose()
    {
        _inflater?.Dispose();
        _feed.Dispose();
    }

    private int ReadNumber()
    {
        var bytes = new byte[4];
        _inflater!.ReadExactly(bytes);
        return BinaryPrimitives.ReadInt32BigEndian(bytes);
    }

    private string ReadText()
    {
        const int longest = 64 * 1024;
        var length = ReadNumber();
        var bytes = new byte[length is >= 0 and < longest ? length : throw new InvalidDataException("a long header")];
        _inflater!.ReadExactly(bytes);
        return Encoding.UTF8.GetString(bytes);
    }

    /// <summary>A block of a deflate stream that holds bytes as they are.</summary>
    private static byte[] Stored(byte[] bytes)
    {
        var block = new byte[5 + bytes.Length];
        BinaryPrimitives.WriteUInt16LittleEndian(block.AsSpan(1), (ushort)bytes.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(block.AsSpan(3), (ushort)~bytes.Length);
        bytes.CopyTo(block, 5);
        return block;
    }

    private static byte[] ReadDictionary()
    {
        // Names and values as SPDY/3 lists them, in its order: words with their length before them, then plain text.
        var lengths = new MemoryStream();
        foreach (var word in SpdyDictionary.Words)
        {
            var length = new byte[4];
            BinaryPrimitives.WriteInt32BigEndian(length, word.Length);
            lengths.Write(length);
            lengths.Write(Encoding.ASCII.GetBytes(word));
        }

        lengths.Write(Encoding.ASCII.GetBytes(SpdyDictionary.Text));
        return lengths.ToArray();
    }

    /// <summary>What has come in and was not read yet; for a reader that is asked only for what is there.</summary>
    private sealed class Feed : ForwardOnlyStream
    {
        private readonly Queue<ReadOnlyMemory<byte>> _blocks = [];

        public override bool CanRead => true;

        public void Add(ReadOnlyMemory<byte> block) => _blocks.Enqueue(block);

        public override int Read(Span<byte> buffer)
        {
            if (!_blocks.TryDequeue(out var block))
            {
                return 0;
            }

            var count = Math.Min(buffer.Length, block.Length);
            block.Span[..count].CopyTo(buffer);
            if (count < block.Length)
            {
                var rest = _blocks.ToArray();
                _blocks.Clear();
                _blocks.Enqueue(block[count..]);
                Array.ForEach(rest, _blocks.Enqueue);
            }

            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));
    }
}
