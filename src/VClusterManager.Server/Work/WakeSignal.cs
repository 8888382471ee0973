namespace VClusterManager.Server.Work;

/// <summary>
/// Says "look again" to any number of listeners. Take <see cref="Next"/> before looking and wait for it after: then
/// nothing that happens in between is missed.
/// </summary>
internal sealed class WakeSignal
{
    private TaskCompletionSource _next = New();

    public Task Next => Volatile.Read(ref _next).Task;

    public void Set() => Interlocked.Exchange(ref _next, New()).TrySetResult();

    /// <summary>Waits for that signal, but no longer than this time. Cancelled: returns at once too, without throwing.</summary>
    public static async Task WaitAsync(Task next, TimeSpan limit, TimeProvider time, CancellationToken cancellation)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await Task.WhenAny(next, Task.Delay(limit, time, over.Token));
        await over.CancelAsync();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
