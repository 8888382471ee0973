using System.Buffers;
using System.IO.Pipelines;

namespace VClusterManager.Server.Access.Proxy;

/// <summary>
/// The body of a request on its way to a cluster. A cluster may answer before it has read the body, and the read that
/// waits for more of it is given up then: in a way that leaves the connection fit for the next request, which a read that
/// is cancelled by its token does not.
/// </summary>
internal sealed class ForwardedBody(PipeReader reader) : Stream
{
    public override bool CanRead => true;

    public override bool CanWrite => false;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await using var giveUp = cancellationToken.UnsafeRegister(
            static reader => ((PipeReader)reader!).CancelPendingRead(),
            reader
        );
        var read = await reader.ReadAsync(CancellationToken.None);
        if (read.IsCanceled)
        {
            reader.AdvanceTo(read.Buffer.Start);
            throw new OperationCanceledException(cancellationToken);
        }

        // The whole is not sliced: the end of a slice may lie where the reader takes no position.
        var part = read.Buffer.Length <= buffer.Length ? read.Buffer : read.Buffer.Slice(0, buffer.Length);
        part.CopyTo(buffer.Span);
        var length = (int)part.Length;
        reader.AdvanceTo(part.End);
        return length;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
