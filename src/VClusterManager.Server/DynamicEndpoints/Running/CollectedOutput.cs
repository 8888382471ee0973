using System.Buffers;

namespace VClusterManager.Server.DynamicEndpoints.Running;

/// <summary>Keeps what a command prints, up to a bound; a command that prints more is ended.</summary>
internal sealed class CollectedOutput(long most, CancellationTokenSource run)
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    /// <summary>It has printed more than it may.</summary>
    public bool IsTooMuch { get; private set; }

    public ReadOnlyMemory<byte> Bytes => _bytes.WrittenMemory;

    public ValueTask TakeAsync(ReadOnlyMemory<byte> bytes)
    {
        if (IsTooMuch)
        {
            return ValueTask.CompletedTask;
        }

        if (_bytes.WrittenCount + bytes.Length > most)
        {
            IsTooMuch = true;
            return new ValueTask(run.CancelAsync());
        }

        _bytes.Write(bytes.Span);
        return ValueTask.CompletedTask;
    }
}
