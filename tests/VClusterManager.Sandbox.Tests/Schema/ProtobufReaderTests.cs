using System.Text;
using VClusterManager.Sandbox.Schema;

namespace VClusterManager.Sandbox.Tests.Schema;

public sealed class ProtobufReaderTests
{
    [Fact]
    public void A_config_map_is_read_from_kubernetes_own_envelope()
    {
        var metadata = Join(Text(1, "name"), Message(11, Join(Text(1, "app"), Text(2, "web"))));
        var map = Join(Message(1, metadata), Message(2, Join(Text(1, "key"), Text(2, "value"))));
        byte[] body = [.. "k8s\0"u8, .. Message(1, Join(Text(1, "v1"), Text(2, "ConfigMap"))), .. Message(2, map)];

        ProtobufReader.IsProtobuf(body).ShouldBeTrue();
        ProtobufReader
            .Read(body)!
            .ToJsonString()
            .ShouldBe(
                """{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"name","labels":{"app":"web"}},"data":{"key":"value"}}"""
            );
    }

    [Fact]
    public void A_message_that_is_cut_short_is_said_to_be()
    {
        byte[] body = [.. "k8s\0"u8, .. Message(1, Join(Text(1, "v1"), Text(2, "ConfigMap"))), 0x12, 0x40];
        Should.Throw<FormatException>(() => ProtobufReader.Read(body)).Message.ShouldBe("the message is cut short");
    }

    [Fact]
    public void A_kind_that_is_not_known_is_none()
    {
        byte[] body = [.. "k8s\0"u8, .. Message(1, Join(Text(1, "v1"), Text(2, "Nonsense")))];
        ProtobufReader.Read(body).ShouldBeNull();
    }

    private static byte[] Text(int field, string text) => Message(field, Encoding.UTF8.GetBytes(text));

    private static byte[] Message(int field, byte[] content) =>
        [(byte)((field << 3) | 2), (byte)content.Length, .. content];

    private static byte[] Join(params byte[][] parts) => [.. parts.SelectMany(part => part)];
}
