using VClusterManager.Sandbox.Containers;

namespace VClusterManager.Sandbox.Api.Exec;

/// <summary>An output stream of a command: what is written goes out as messages of one channel.</summary>
internal sealed class ChannelStream(ExecChannels channels, byte channel) : ForwardOnlyStream
{
    public override bool CanWrite => true;

    public override async ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer,
        CancellationToken cancellationToken = default
    )
    {
        if (buffer.Length > 0)
        {
            await channels.SendAsync(channel, buffer, cancellationToken);
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
}
