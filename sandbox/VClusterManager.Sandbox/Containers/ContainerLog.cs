namespace VClusterManager.Sandbox.Containers;

/// <summary>One line that a container wrote.</summary>
internal sealed record LogLine(DateTimeOffset Time, string Text);

/// <summary>What a container has written. Readers that follow are woken by every new line, and by the end.</summary>
internal sealed class ContainerLog(TimeProvider time)
{
    /// <summary>As the kubelet rotates its files: the oldest half goes when it is full.</summary>
    private const int Limit = 10_000;

    private readonly Lock _lock = new();
    private readonly List<LogLine> _lines = [];
    private long _forgotten;
    private TaskCompletionSource _news = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool IsComplete { get; private set; }

    public void Write(string text) => Write(time.GetUtcNow(), text);

    public void Write(DateTimeOffset at, string text)
    {
        lock (_lock)
        {
            if (_lines.Count == Limit)
            {
                _lines.RemoveRange(0, Limit / 2);
                _forgotten += Limit / 2;
            }

            _lines.Add(new LogLine(at, text));
            Wake();
        }
    }

    /// <summary>The container has ended: nothing comes any more.</summary>
    public void Complete()
    {
        lock (_lock)
        {
            IsComplete = true;
            Wake();
        }
    }

    /// <summary>The lines from a position on, where to go on next time, and what ends when there is more.</summary>
    public (IReadOnlyList<LogLine> Lines, long Next, Task News) ReadFrom(long position)
    {
        lock (_lock)
        {
            var skip = (int)Math.Max(0, position - _forgotten);
            var news = IsComplete ? Task.CompletedTask : _news.Task;
            return ([.. _lines.Skip(skip)], _forgotten + _lines.Count, news);
        }
    }

    private void Wake()
    {
        _news.TrySetResult();
        _news = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
