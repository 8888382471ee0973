using System.Text;

namespace VClusterManager.Server.Tests.Observability.Tracing;

/// <summary>The fields of a protobuf message, one after the other: as much of the format as OTLP uses.</summary>
internal static class ProtobufReader
{
    public static IEnumerable<(int Number, ReadOnlyMemory<byte> Bytes)> Fields(ReadOnlyMemory<byte> message)
    {
        while (!message.IsEmpty)
        {
            var key = Varint(ref message);
            var length = (key & 7) switch
            {
                0 => (int)(Varint(ref message) & 0),
                1 => 8,
                2 => (int)Varint(ref message),
                5 => 4,
                _ => throw new FormatException($"There is no wire type {key & 7}."),
            };
            yield return ((int)(key >> 3), message[..length]);
            message = message[length..];
        }
    }

    public static IEnumerable<ReadOnlyMemory<byte>> All(ReadOnlyMemory<byte> message, int number) =>
        Fields(message).Where(field => field.Number == number).Select(field => field.Bytes);

    public static string Text(ReadOnlyMemory<byte> message, int number) =>
        All(message, number).Select(bytes => Encoding.UTF8.GetString(bytes.Span)).FirstOrDefault("");

    public static string Hex(ReadOnlyMemory<byte> message, int number) =>
        All(message, number).Select(bytes => Convert.ToHexStringLower(bytes.Span)).FirstOrDefault("");

    private static ulong Varint(ref ReadOnlyMemory<byte> message)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var next = message.Span[0];
            message = message[1..];
            value |= (ulong)(next & 0x7F) << shift;
            if ((next & 0x80) == 0)
            {
                return value;
            }
        }
    }
}
