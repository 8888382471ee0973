using System.Text;

namespace VClusterManager.Sandbox.Containers;

/// <summary>Takes a program's output into a log, line by line.</summary>
internal sealed class LogStream(ContainerLog log) : ForwardOnlyStream
{
    private readonly List<byte> _line = [];

    public override bool CanWrite => true;

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        foreach (var one in buffer)
        {
            if (one == '\n')
            {
                WriteLine();
            }
            else
            {
                _line.Add(one);
            }
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    /// <summary>A last line without an end becomes a line, too.</summary>
    public void Finish()
    {
        if (_line.Count > 0)
        {
            WriteLine();
        }
    }

    private void WriteLine()
    {
        log.Write(Encoding.UTF8.GetString([.. _line]));
        _line.Clear();
    }
}
